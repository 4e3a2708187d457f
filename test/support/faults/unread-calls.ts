import { connect, type Socket } from 'node:net';

/** One request as its bytes. */
export const httpGet = (path: string, headers: Readonly<Record<string, string>>): string =>
  `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${lines(headers)}\r\n`;

export const httpPost = (path: string, body: object, headers: Readonly<Record<string, string>>): string => {
  const text = JSON.stringify(body);
  const all = { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(text)), ...headers };
  return `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${lines(all)}\r\n${text}`;
};

const lines = (headers: Readonly<Record<string, string>>): string =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');

/** The message of an error in either binding. */
const MESSAGE = /"message":"([^"]*)"/;

/** A connection that sends one request and reads of its answer what comes first: 64 KiB at most, and what a socket reads ahead. */
export class UnreadCall {
  readonly #socket: Socket;
  /** The status of its answer; NaN: the connection ended before there was one. */
  readonly status: Promise<number>;
  /** Why it was refused, if it was. */
  refusal?: string;

  /** `localAddress`: whom the server takes it for. */
  constructor(port: number, request: string, localAddress?: string) {
    this.#socket = connect({ port, host: '127.0.0.1', localAddress });
    this.#socket.on('error', () => undefined).write(request);
    this.status = new Promise((resolve) => {
      this.#socket.once('close', () => resolve(NaN));
      this.#socket.once('readable', () => {
        const head = String(this.#socket.read());
        const status = Number(head.slice(9, 12));
        if (status >= 400) this.refusal = MESSAGE.exec(head)?.[1] ?? head;
        resolve(status);
      });
    });
  }

  close(): void {
    this.#socket.destroy();
  }
}
