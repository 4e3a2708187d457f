import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A proxy in front of a database, or another server, whose connections can be made to break, or to fall silent, at the worst moment. */
export interface LossyProxy {
  /** The server's URL, by way of the proxy. */
  readonly url: string;
  /** Answers that were lost so far, in whole or in part. */
  readonly lost: number;
  /** Connections that fell silent so far. */
  readonly silenced: number;
  /**
   * The next answer on each connection that is open now does not arrive: the connection breaks instead, after `bytes` (0) of
   * it. What the server did for it is done.
   */
  loseNextAnswers(bytes?: number): void;
  /** Each connection, open or to come, breaks after so many bytes of answers from now on; where it says undefined, it does not. */
  cutAfter(bytes: () => number | undefined): void;
  /** Each connection, open or to come, falls silent after so many bytes that were sent to the server over it from now on. */
  silenceAfterSent(bytes: number): void;
  /** Connections that are open now are never heard of again, in either direction, and stay open; so do new ones until `speak`. */
  fallSilent(): void;
  /**
   * The one connection that the server sees coming from this port (`client_port` in `pg_stat_activity`): never heard of again,
   * or broken. False: there is none.
   */
  silenceOne(serverSide: number): boolean;
  cutOne(serverSide: number): boolean;
  /** New connections work again. `cut`: those that fell silent break, as when a network comes back that lost them. */
  speak(options?: { cut?: boolean }): void;
  /** Breaks the connections that are open now. */
  cut(): void;
  /** While true, new connections are broken at once. */
  refusing: boolean;
  /** Connections that were begun so far, those that were refused among them. */
  readonly attempts: number;
  close(): Promise<void>;
}

/** `targetUrl` is asked for with each connection when it is a function: a server may start after its proxy. */
export async function openLossyProxy(targetUrl: string | (() => string)): Promise<LossyProxy> {
  const target = (): URL => new URL(typeof targetUrl === 'string' ? targetUrl : targetUrl());
  /** Bytes of the next answer that still pass. */
  const doomed = new Map<Socket, number>();
  const silenced = new Set<Socket>();
  /** By the port that the server sees. */
  const byPort = new Map<number, Socket>();
  /** With the bytes that each may still bring. */
  const open = new Map<Socket, number>();
  /** Bytes that each may still send. */
  const sendable = new WeakMap<Socket, number>();
  let toSend = Infinity;
  let allowance: () => number | undefined = () => undefined;
  let lost = 0;
  let silent = false;
  let attempts = 0;
  const server = createServer({ allowHalfOpen: true }, (client) => {
    attempts++;
    if (proxy.refusing) return void client.destroy();
    const { port, hostname } = target();
    const upstream = connect(Number(port || 5432), hostname);
    open.set(client, allowance() ?? Infinity);
    if (silent) silenced.add(client);
    upstream.on('connect', () => {
      const { localPort = 0 } = upstream;
      byPort.set(localPort, client);
      upstream.on('close', () => byPort.delete(localPort));
    });
    const end = (): void => {
      open.delete(client);
      client.destroy();
      upstream.destroy();
    };
    upstream.on('data', (chunk: Buffer) => {
      if (silenced.has(client) || client.writableEnded) return;
      const left = (open.get(client) ?? 0) - chunk.length;
      const passing = doomed.get(client) ?? (left < 0 ? left + chunk.length : undefined);
      if (passing === undefined) {
        open.set(client, left);
        return void client.write(chunk);
      }
      doomed.delete(client);
      lost++;
      client.end(chunk.subarray(0, passing), end);
    });
    client.on('data', (chunk: Buffer) => {
      if (silenced.has(client)) return;
      const left = sendable.get(client) ?? toSend;
      sendable.set(client, left - chunk.length);
      if (chunk.length <= left) return void upstream.write(chunk);
      upstream.write(chunk.subarray(0, left));
      silenced.add(client);
    });
    client.on('error', end).on('close', end);
    // A connection that fell silent does not even say that it ended.
    client.on('end', () => void (silenced.has(client) || end()));
    upstream.on('error', () => undefined).on('close', () => void (silenced.has(client) || end()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(typeof targetUrl === 'string' ? targetUrl : 'http://127.0.0.1');
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  const proxy: LossyProxy = {
    url: url.href,
    refusing: false,
    get attempts() {
      return attempts;
    },
    get lost() {
      return lost;
    },
    get silenced() {
      return silenced.size;
    },
    loseNextAnswers: (bytes = 0) => {
      for (const client of open.keys()) doomed.set(client, bytes);
    },
    cutAfter: (bytes) => {
      allowance = bytes;
      for (const client of open.keys()) open.set(client, bytes() ?? Infinity);
    },
    silenceAfterSent: (bytes) => {
      toSend = bytes;
      for (const client of open.keys()) sendable.set(client, bytes);
    },
    fallSilent: () => {
      silent = true;
      for (const client of open.keys()) silenced.add(client);
    },
    silenceOne: (serverSide) => {
      const client = byPort.get(serverSide);
      if (client) silenced.add(client);
      return client !== undefined;
    },
    cutOne: (serverSide) => byPort.get(serverSide)?.destroy() !== undefined,
    speak: ({ cut = false } = {}) => {
      silent = false;
      toSend = Infinity;
      if (cut) for (const client of silenced) client.destroy();
    },
    cut: () => {
      for (const client of open.keys()) client.destroy();
    },
    close: () => {
      for (const client of open.keys()) client.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return proxy;
}
