import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A proxy in front of a database whose connections can be made to break at the worst moment. */
export interface LossyProxy {
  /** The database's URL, by way of the proxy. */
  readonly url: string;
  /** Answers that were lost so far. */
  readonly lost: number;
  /**
   * The next answer on each connection that is open now does not arrive: the connection breaks instead. What the server did
   * for it is done.
   */
  loseNextAnswers(): void;
  close(): Promise<void>;
}

export async function openLossyProxy(databaseUrl: string): Promise<LossyProxy> {
  const target = new URL(databaseUrl);
  const doomed = new Set<Socket>();
  const open = new Set<Socket>();
  let lost = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(target.port || 5432), target.hostname);
    open.add(client);
    const end = (): void => {
      open.delete(client);
      client.destroy();
      upstream.destroy();
    };
    upstream.on('data', (chunk) => {
      if (doomed.delete(client)) {
        lost++;
        end();
      } else client.write(chunk);
    });
    client.on('data', (chunk) => upstream.write(chunk));
    for (const socket of [client, upstream]) socket.on('error', end).on('close', end);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    get lost() {
      return lost;
    },
    loseNextAnswers: () => {
      for (const client of open) doomed.add(client);
    },
    close: () => {
      for (const client of open) client.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
