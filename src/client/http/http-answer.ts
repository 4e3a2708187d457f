import type { ClientRequest, IncomingMessage } from 'node:http';
import {
  A2AClientConnectionError,
  A2AClientJSONError,
  A2AClientLimitError,
  A2AClientTimeoutError,
} from '../errors/client.errors.js';
import { codeOf } from './client-error-of.js';

/** A response whose body is read once, as it comes. Close it if you do not read it. */
export class HttpAnswer {
  readonly status: number;
  readonly #abort = (): void => this.close();

  constructor(
    private readonly request: ClientRequest,
    private readonly response: IncomingMessage,
    private readonly host: string,
    private readonly signal?: AbortSignal,
  ) {
    this.status = response.statusCode ?? 0;
    signal?.addEventListener('abort', this.#abort, { once: true });
    if (signal?.aborted) this.close();
  }

  header(name: string): string | undefined {
    const value = this.response.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  }

  /** `application/json`: in lower case, without parameters. */
  get mediaType(): string {
    return (this.header('content-type') ?? '').split(';', 1)[0]!.trim().toLowerCase();
  }

  /**
   * The body, piece by piece; nothing is read ahead of the consumer. `idleMs` limits the wait for each piece.
   * @throws A2AClientConnectionError when the connection breaks, A2AClientTimeoutError; the signal's reason when that is aborted.
   */
  async *chunks(idleMs: () => number): AsyncGenerator<Buffer, void, void> {
    const pieces = (this.response as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await this.#within(idleMs(), pieces.next());
        if (next.done) return;
        yield next.value;
      }
    } finally {
      this.close();
    }
  }

  /** The whole body, as a string. @throws what `chunks` throws; A2AClientLimitError, A2AClientJSONError when it has a content encoding. */
  async text(maxBytes: number, timeoutMs: number): Promise<string> {
    const encoding = this.header('content-encoding');
    if (encoding !== undefined && encoding !== 'identity') {
      this.close();
      throw new A2AClientJSONError(`${this.host} sent its answer with an encoding that was not asked for.`);
    }
    const end = performance.now() + timeoutMs;
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of this.chunks(() => Math.max(1, end - performance.now()))) {
      size += chunk.length;
      if (size > maxBytes)
        throw new A2AClientLimitError(`The answer of ${this.host} is longer than ${maxBytes} bytes.`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  }

  /** Closes the connection, unless the answer was read to its end; then the connection can be reused. */
  close(): void {
    this.signal?.removeEventListener('abort', this.#abort);
    if (!this.response.complete || !this.response.readableEnded) this.request.destroy();
  }

  async #within<T>(ms: number, waiting: Promise<T>): Promise<T> {
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      this.request.destroy();
    }, ms);
    try {
      return await waiting;
    } catch (error) {
      if (this.signal?.aborted) throw this.signal.reason;
      if (timedOut) throw new A2AClientTimeoutError(`${this.host} was silent for ${Math.round(ms)} ms.`);
      throw new A2AClientConnectionError(
        `The connection to ${this.host} broke in the middle of the answer.`,
        true,
        codeOf(error),
      );
    } finally {
      clearTimeout(timer);
    }
  }
}
