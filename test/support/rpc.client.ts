import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { SseStream } from './sse.client.js';

export interface RpcAnswer<T = Record<string, unknown>> {
  readonly jsonrpc: '2.0';
  readonly id: string | number | null;
  readonly result?: T;
  readonly error?: { code: number; message: string; data?: unknown };
}

/** How often a patient client sends what is refused as UNAVAILABLE: half a minute. */
const TRIES = 600;

export const V10 = { 'A2A-Version': '1.0' };

/** Calls one JSON-RPC endpoint as a plain HTTP client would. */
export class RpcClient {
  constructor(
    readonly url: string,
    private readonly headers: Record<string, string> = V10,
  ) {}

  async call<T = Record<string, unknown>>(
    method: string,
    params?: unknown,
    headers: Record<string, string> = {},
    signal?: AbortSignal,
  ): Promise<RpcAnswer<T>> {
    const response = await fetch(this.url, {
      method: 'POST',
      signal,
      headers: { 'content-type': 'application/json', ...this.headers, ...headers },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    });
    return (await response.json()) as RpcAnswer<T>;
  }

  /** As a client calls that does what the error says: what is UNAVAILABLE for now is sent again as it is. */
  async patientCall<T = Record<string, unknown>>(method: string, params?: unknown): Promise<RpcAnswer<T>> {
    for (let tries = 1; ; tries++) {
      const answer = await this.call<T>(method, params);
      if (tries === TRIES || !JSON.stringify(answer.error ?? '').includes('UNAVAILABLE')) return answer;
      await sleep(50);
    }
  }

  /** The result; throws on an error answer. */
  async result<T = Record<string, unknown>>(method: string, params?: unknown): Promise<T> {
    return resultOf(method, await this.call<T>(method, params));
  }

  /** The result of a patient call; throws on any other error answer. */
  async patientResult<T = Record<string, unknown>>(method: string, params?: unknown): Promise<T> {
    return resultOf(method, await this.patientCall<T>(method, params));
  }

  stream(method: string, params: unknown, headers: Record<string, string> = {}): Promise<SseStream> {
    return SseStream.post(this.url, { jsonrpc: '2.0', id: 1, method, params }, { ...this.headers, ...headers });
  }
}

function resultOf<T>(method: string, { result, error }: RpcAnswer<T>): T {
  if (error || result === undefined) throw new Error(`${method}: ${JSON.stringify(error)}`);
  return result;
}

/** A v1.0 user message of one text part. */
export const textMessage = (text: string, fields: Record<string, unknown> = {}) => ({
  messageId: randomUUID(),
  role: 'ROLE_USER',
  parts: [{ text }],
  ...fields,
});

/** The same in v0.3. */
export const v03Message = (text: string, fields: Record<string, unknown> = {}) => ({
  kind: 'message',
  messageId: randomUUID(),
  role: 'user',
  parts: [{ kind: 'text', text }],
  ...fields,
});
