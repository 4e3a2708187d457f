import http from 'node:http';
import type { HttpAnswer } from './http-verdict.js';
import type { HttpRequestBytes } from './malformed-http.js';

/** A stream that goes on is left after so long; so are answers of which enough was seen. */
const STREAM_LIMIT_MS = 2_000;
const READ_BYTES = 1024 * 1024;
const ANSWER_LIMIT_MS = 20_000;

/** Sends requests over kept connections and reads their answers. */
export class HttpSender {
  readonly #agent: http.Agent;

  constructor(
    private readonly origin: string,
    connections: number,
  ) {
    this.#agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  }

  /** @throws Error when there is no answer. */
  send({ method, target, headers, body }: HttpRequestBytes): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      const { hostname, port } = new URL(this.origin);
      // Node frames a body by itself only for some methods.
      const framed = body ? { ...headers, 'content-length': String(body.length) } : headers;
      const request = http.request({
        hostname,
        port,
        method,
        path: target,
        headers: framed,
        agent: this.#agent,
        timeout: ANSWER_LIMIT_MS,
      });
      request.on('timeout', () => request.destroy(new Error(`no answer within ${ANSWER_LIMIT_MS} ms`)));
      request.on('error', reject);
      request.on('response', (response) => {
        const contentType = response.headers['content-type'] ?? '';
        const chunks: Buffer[] = [];
        let length = 0;
        const settle = (): void => {
          clearTimeout(limit);
          resolve({ status: response.statusCode ?? 0, contentType, body: Buffer.concat(chunks).toString() });
        };
        const leave = (): void => {
          settle();
          request.destroy();
        };
        const limit = setTimeout(leave, STREAM_LIMIT_MS);
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          length += chunk.length;
          if (length > READ_BYTES) leave();
        });
        response.on('end', settle).on('error', settle);
      });
      // A server that refuses early may close before all was taken; what it said counts.
      request.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
