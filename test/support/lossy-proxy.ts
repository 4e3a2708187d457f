import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A proxy in front of a database, or another server, whose connections can be made to break, or to fall silent, at the worst moment. */
export interface LossyProxy {
  /** The database's URL, by way of the proxy. */
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
  /** Connections that are open now are never heard of again, in either direction, and stay open; so do new ones until `speak`. */
  fallSilent(): void;
  /** New connections work again. */
  speak(): void;
  /** Breaks the connections that are open now. */
  cut(): void;
  /** While true, new connections are broken at once. */
  refusing: boolean;
  /** Connections that were begun so far, those that were refused among them. */
  readonly attempts: number;
  close(): Promise<void>;
}

export async function openLossyProxy(databaseUrl: string): Promise<LossyProxy> {
  const target = new URL(databaseUrl);
  /** Bytes of the next answer that still pass. */
  const doomed = new Map<Socket, number>();
  const silenced = new Set<Socket>();
  const open = new Set<Socket>();
  let lost = 0;
  let silent = false;
  let attempts = 0;
  const server = createServer({ allowHalfOpen: true }, (client) => {
    attempts++;
    if (proxy.refusing) return void client.destroy();
    const upstream = connect(Number(target.port || 5432), target.hostname);
    open.add(client);
    if (silent) silenced.add(client);
    const end = (): void => {
      open.delete(client);
      client.destroy();
      upstream.destroy();
    };
    upstream.on('data', (chunk) => {
      if (silenced.has(client) || client.writableEnded) return;
      const passing = doomed.get(client);
      if (passing === undefined) return void client.write(chunk);
      doomed.delete(client);
      lost++;
      client.end(chunk.subarray(0, passing), end);
    });
    client.on('data', (chunk) => void (silenced.has(client) || upstream.write(chunk)));
    client.on('error', end).on('close', end);
    // A connection that fell silent does not even say that it ended.
    client.on('end', () => void (silenced.has(client) || end()));
    upstream.on('error', () => undefined).on('close', () => void (silenced.has(client) || end()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(databaseUrl);
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
      for (const client of open) doomed.set(client, bytes);
    },
    fallSilent: () => {
      silent = true;
      for (const client of open) silenced.add(client);
    },
    speak: () => {
      silent = false;
    },
    cut: () => {
      for (const client of open) client.destroy();
    },
    close: () => {
      for (const client of open) client.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return proxy;
}
