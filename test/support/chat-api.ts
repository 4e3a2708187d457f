import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedChat {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: { model: string; stream: boolean; messages: { role: string; content: string }[] };
}

export type ChatBehaviour = (response: ServerResponse, request: ReceivedChat) => void | Promise<void>;

/** An OpenAI-compatible API on a free port of loopback that does what each test says. */
export class ChatApi {
  readonly received: ReceivedChat[] = [];
  /** Requests whose client went away before the answer was complete. */
  left = 0;
  #forgotten = 0;
  behave: ChatBehaviour = (response) => void response.end();
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  static async start(): Promise<ChatApi> {
    const api = new ChatApi();
    await new Promise<void>((resolve) => api.#server.listen(0, '127.0.0.1', resolve));
    return api;
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  /** Forgets the requests so far. Those that are under way end uncounted. */
  forget(): void {
    this.received.length = this.left = 0;
    this.#forgotten++;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const before = this.#forgotten;
    response.on('close', () => {
      if (!response.writableFinished && before === this.#forgotten) this.left++;
    });
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as ReceivedChat['body'];
    const received = { path: request.url ?? '', headers: request.headers, body };
    this.received.push(received);
    await this.behave(response, received);
  }
}

/** The event of one piece of an answer. */
export const chunkEvent = (content: string, finishReason: string | null = null): string =>
  `data: ${JSON.stringify({ object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content }, finish_reason: finishReason }] })}\n\n`;

export const DONE_EVENT = 'data: [DONE]\n\n';

/** Sends the piece `a`, and leaves the answer open. */
export function begin(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(chunkEvent('a'));
}

/** Sends the whole at once. */
export function streamed(...events: string[]): ChatBehaviour {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(events.join(''));
  };
}
