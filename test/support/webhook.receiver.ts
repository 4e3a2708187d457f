import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedNotification {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Record<string, unknown>;
  /** The body as it was sent. */
  readonly text: string;
}

export type ReceiverBehaviour = (response: ServerResponse, notification: ReceivedNotification) => unknown;

/** A webhook's receiver on a free port of loopback that answers as each test says; 204 by default. */
export class WebhookReceiver {
  readonly received: ReceivedNotification[] = [];
  /** What was received at a path of its own. */
  readonly at = (path: string): ReceivedNotification[] => this.received.filter((one) => one.path === path);
  /** Challenges that it was asked. */
  readonly asked: { readonly path: string; readonly token: string; readonly headers: IncomingMessage['headers'] }[] =
    [];
  /** How it answers them. */
  echo: (token: string) => { status: number; text: string } = (token) => ({ status: 200, text: token });
  behave: ReceiverBehaviour = (response) => response.writeHead(204).end();
  readonly #server = createServer((request, response) => void this.#receive(request, response));
  #waiting: (() => void)[] = [];

  static async start(): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver();
    await new Promise<void>((resolve) => receiver.#server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  url(path = '/hook'): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  /** Resolves with what was received at the path once that is enough; the test's time limit is the limit. */
  async until(
    path: string,
    enough: number | ((received: ReceivedNotification[]) => boolean),
  ): Promise<ReceivedNotification[]> {
    const check = typeof enough === 'number' ? (all: ReceivedNotification[]) => all.length >= enough : enough;
    while (!check(this.at(path))) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.at(path);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url: path = '', headers } = request;
    if (method === 'GET') {
      const token = new URL(path, this.url()).searchParams.get('validationToken') ?? '';
      this.asked.push({ path, token, headers });
      const { status, text } = this.echo(token);
      response.writeHead(status, { 'Content-Type': 'text/plain' }).end(text);
      return;
    }
    const text = Buffer.concat(chunks).toString();
    const body = JSON.parse(text) as Record<string, unknown>;
    const notification = { method, path, headers, body, text };
    this.received.push(notification);
    await this.behave(response, notification);
    for (const check of this.#waiting.splice(0)) check();
  }
}
