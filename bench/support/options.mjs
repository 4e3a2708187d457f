import { parseArgs } from 'node:util';

export const CASES = ['echo', 'stream', 'wal', 'unread', 'bus'];

const FULL = {
  quick: false,
  echo: { connections: 16, warmUpSeconds: 3, seconds: 5, rounds: 5 },
  stream: { sizes: [250, 500, 1000, 2000, 4000], bytes: 64, rounds: 5, slowRounds: 1, slowFrom: 2000 },
  wal: { sizes: [10_000, 20_000], bytes: 64, rounds: 5 },
  unread: { clients: 2, chunks: 4800, bytes: 65_536, sdkChunks: 300, sampleMs: 50, limitMs: 600_000 },
  bus: { tasks: 100, rates: [100, 1000], seconds: 8, rounds: 3 },
};

const QUICK = {
  quick: true,
  echo: { ...FULL.echo, warmUpSeconds: 2, seconds: 2, rounds: 3 },
  stream: { ...FULL.stream, sizes: [250, 1000, 4000], rounds: 3, slowFrom: 1000 },
  wal: { ...FULL.wal, rounds: 3 },
  unread: { ...FULL.unread, chunks: 960, sdkChunks: 100 },
  bus: { ...FULL.bus, seconds: 4, rounds: 2 },
};

/** `--quick`: shorter and rougher. `--only=echo,wal`: these cases. */
export function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } },
  });
  const only = values.only?.split(',') ?? CASES;
  const unknown = only.filter((name) => !CASES.includes(name));
  if (unknown.length > 0) throw new Error(`--only takes ${CASES.join(', ')}; it is ${values.only}`);
  return { ...(values.quick ? QUICK : FULL), only };
}
