import { connect, type Socket } from 'node:net';

/** One request as its bytes. */
export const httpGet = (path: string, headers: Readonly<Record<string, string>>): string =>
  `GET ${path} HTTP/1.1\r\nHost: a\r\n${lines(headers)}\r\n`;

export const httpPost = (path: string, body: object, headers: Readonly<Record<string, string>>): string => {
  const text = JSON.stringify(body);
  const all = { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(text)), ...headers };
  return `POST ${path} HTTP/1.1\r\nHost: a\r\n${lines(all)}\r\n${text}`;
};

const lines = (headers: Readonly<Record<string, string>>): string =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');

/** A connection that sends one request and reads of its answer what a socket reads by itself before anybody asks it to: 64 KiB. */
export class UnreadCall {
  readonly #socket: Socket;
  /** The status of its answer; NaN: the connection ended before there was one. */
  readonly status: Promise<number>;

  /** `localAddress`: whom the server takes it for. */
  constructor(port: number, request: string, localAddress?: string) {
    this.#socket = connect({ port, host: '127.0.0.1', localAddress });
    this.#socket.on('error', () => undefined).write(request);
    this.status = new Promise((resolve) => {
      this.#socket.once('close', () => resolve(NaN));
      this.#socket.once('readable', () => resolve(Number(String(this.#socket.read(12)).slice(9))));
    });
  }

  close(): void {
    this.#socket.destroy();
  }
}
