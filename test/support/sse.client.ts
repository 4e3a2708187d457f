import type { IncomingMessage } from 'node:http';
import http from 'node:http';

/** One event as it came over the wire. */
export interface SseEvent {
  readonly id?: string;
  readonly event?: string;
  readonly data: string;
}

/** A plain HTTP client of an event stream: no SDK, no EventSource. */
export class SseStream implements AsyncIterable<SseEvent> {
  private constructor(readonly response: IncomingMessage) {}

  static post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<SseStream> {
    return SseStream.open('POST', url, body, { 'content-type': 'application/json', ...headers });
  }

  /** `body` undefined: none is sent. */
  static open(method: string, url: string, body: unknown, headers: Record<string, string>): Promise<SseStream> {
    return new Promise((resolve, reject) => {
      const request = http.request(url, { method, headers }, (response) => resolve(new SseStream(response)));
      request.on('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  get status(): number {
    return this.response.statusCode ?? 0;
  }

  /** Leaves the stream. */
  close(): void {
    this.response.destroy();
  }

  /** Ends normally when the server ends the stream; a cut connection throws. */
  async *[Symbol.asyncIterator](): AsyncGenerator<SseEvent, void, void> {
    let buffer = '';
    this.response.setEncoding('utf8');
    for await (const chunk of this.response as AsyncIterable<string>) {
      buffer += chunk;
      for (let end = buffer.indexOf('\n\n'); end >= 0; end = buffer.indexOf('\n\n')) {
        const event = parse(buffer.slice(0, end));
        buffer = buffer.slice(end + 2);
        if (event) yield event;
      }
    }
  }

  async all(): Promise<SseEvent[]> {
    const events: SseEvent[] = [];
    for await (const event of this) events.push(event);
    return events;
  }

  /** The results of all JSON-RPC responses on the stream. */
  async results<T>(): Promise<T[]> {
    return (await this.all()).map((event) => (JSON.parse(event.data) as { result: T }).result);
  }
}

function parse(block: string): SseEvent | undefined {
  const fields = new Map<string, string>();
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1).replace(/^ /, ''));
  }
  const data = fields.get('data');
  return data === undefined ? undefined : { id: fields.get('id'), event: fields.get('event'), data };
}
