import { createServer } from 'node:net';

/** Below the ports that systems give to outgoing connections: none of those takes one before its server listens. */
const FIRST = 12_000;
const PER_WORKER = 500;
const WORKERS = 40;

const worker = Number(process.env.JEST_WORKER_ID ?? 1) % WORKERS;
let next = Math.floor(Math.random() * PER_WORKER);

/** A port of this machine for a server that a test starts: no other worker is given it, and nothing listens there now. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < PER_WORKER; tries++) {
    const port = FIRST + worker * PER_WORKER + next;
    next = (next + 1) % PER_WORKER;
    if (await isFree(port)) return port;
  }
  throw new Error(`All ports of worker ${worker} are taken.`);
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
