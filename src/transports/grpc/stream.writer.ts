import type { ServerWritableStream } from '@grpc/grpc-js';
import type { GrpcClientCall } from './client-call.js';
import { framed } from '../framed.js';

/**
 * Writes the messages of one stream. The next batch is asked for only when the connection has taken the last one, so a
 * client that does not read holds one batch and its cursor, nothing else.
 */
export class StreamWriter {
  #wake?: () => void;

  constructor(
    private readonly call: ServerWritableStream<Buffer, Buffer>,
    private readonly taken: Pick<GrpcClientCall, 'hold' | 'watchTaking'>,
  ) {}

  /** Ends with the stream or when the client leaves, and always closes the stream. Rejects with what the stream throws. */
  async pump<T>(stream: AsyncIterable<T>, bodies: (batch: T) => Buffer[]): Promise<void> {
    const wake = (): void => this.#wake?.();
    this.call.on('cancelled', wake).on('close', wake);
    try {
      for await (const messages of framed(stream, bodies)) {
        await this.#write(messages);
        if (this.#gone) break;
      }
    } finally {
      this.call.off('cancelled', wake).off('close', wake);
    }
  }

  get #gone(): boolean {
    return this.call.cancelled || this.call.destroyed;
  }

  /** @throws A2AError OVERLOADED. Until the last message has left, or will not leave any more: of a call that has ended the library says nothing. */
  async #write(messages: readonly Buffer[]): Promise<void> {
    if (messages.length === 0) return;
    const total = messages.reduce((sum, { length }) => sum + length, 0);
    // Each call has a copy of its own, which the library makes.
    const bytes = this.taken.hold(total);
    const unwatch = this.taken.watchTaking(total);
    let written = false;
    const taken = (): void => {
      written = true;
      this.#wake?.();
    };
    for (const [i, message] of messages.entries())
      this.call.write(message, i === messages.length - 1 ? taken : undefined);
    while (!written && !this.#gone) await new Promise<void>((resolve) => (this.#wake = resolve));
    unwatch();
    bytes.release();
  }
}
