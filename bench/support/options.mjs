import { parseArgs } from 'node:util';

export const CASES = [
  ...['echo', 'stream', 'wal', 'unread', 'bus'],
  ...['streams', 'fanout', 'idle', 'list', 'takeover', 'sends', 'bodies', 'webhooks', 'import', 'journey', 'auth'],
  ...['observability', 'call-rates'],
];

const FULL = {
  quick: false,
  echo: { connections: 16, warmUpSeconds: 3, seconds: 5, rounds: 5 },
  stream: { sizes: [250, 500, 1000, 2000, 4000], bytes: 64, rounds: 5, slowRounds: 1, slowFrom: 2000 },
  wal: { sizes: [10_000, 20_000], bytes: 64, rounds: 5 },
  unread: { clients: 2, chunks: 4800, bytes: 65_536, sdkChunks: 300, sampleMs: 50, limitMs: 600_000 },
  bus: { tasks: 100, rates: [100, 1000], seconds: 8, rounds: 3 },
  streams: { tasks: 100, chunks: 1000, bytes: 64, rounds: 5 },
  fanout: { readers: 1000, chunks: 400, bytes: 64, delayMs: 1, waitMs: 8_000, rounds: 5 },
  idle: { streams: 10_000, tasks: 100, sources: 4, settleMs: 20_000 },
  list: { sizes: [1_000, 1_000_000], requests: 50, rounds: 5 },
  takeover: { tasks: 100, rounds: 3, leases: [undefined, 2_000] },
  sends: { replicas: [1, 2, 3], connections: 48, seconds: 5, rounds: 3 },
  bodies: { rounds: 5 },
  webhooks: { tasks: 200, concurrency: 48, rounds: 5 },
  import: { rounds: 9 },
  journey: { warmUp: 300, rounds: 9 },
  auth: { calls: 50_000, rounds: 9 },
  'call-rates': { calls: 50_000, rounds: 9 },
  observability: { calls: 50_000, rounds: 9 },
};

const QUICK = {
  quick: true,
  echo: { ...FULL.echo, warmUpSeconds: 2, seconds: 2, rounds: 3 },
  stream: { ...FULL.stream, sizes: [250, 1000, 4000], rounds: 3, slowFrom: 1000 },
  wal: { ...FULL.wal, rounds: 3 },
  unread: { ...FULL.unread, chunks: 960, sdkChunks: 100 },
  bus: { ...FULL.bus, seconds: 4, rounds: 2 },
  streams: { ...FULL.streams, chunks: 300, rounds: 3 },
  fanout: { ...FULL.fanout, chunks: 200, rounds: 2 },
  idle: { ...FULL.idle, settleMs: 5_000 },
  list: { ...FULL.list, rounds: 3 },
  takeover: { ...FULL.takeover, tasks: 20, rounds: 1 },
  sends: { ...FULL.sends, seconds: 2, rounds: 2 },
  bodies: { rounds: 3 },
  webhooks: { ...FULL.webhooks, rounds: 3 },
  import: { rounds: 5 },
  journey: { warmUp: 300, rounds: 5 },
  auth: { calls: 20_000, rounds: 5 },
  'call-rates': { calls: 20_000, rounds: 5 },
  observability: { calls: 20_000, rounds: 5 },
};

/** So little that nothing can be said of it: whether each case begins and ends in order. */
const SMOKE = {
  smoke: true,
  echo: { connections: 2, warmUpSeconds: 1, seconds: 1, rounds: 1 },
  stream: { sizes: [10, 20], bytes: 8, rounds: 1, slowRounds: 1, slowFrom: 10 },
  wal: { sizes: [10, 20], bytes: 8, rounds: 1 },
  unread: { ...FULL.unread, chunks: 20, sdkChunks: 10 },
  bus: { tasks: 2, rates: [50], seconds: 1, rounds: 1 },
  streams: { tasks: 3, chunks: 20, bytes: 8, rounds: 1 },
  fanout: { readers: 5, chunks: 10, bytes: 8, delayMs: 1, waitMs: 5_000, rounds: 1 },
  idle: { streams: 20, tasks: 2, sources: 2, settleMs: 10 },
  list: { sizes: [100, 200], requests: 2, rounds: 1 },
  takeover: { tasks: 2, rounds: 1, leases: [1_000] },
  sends: { replicas: [1, 2], connections: 2, seconds: 0.2, rounds: 1 },
  bodies: { rounds: 1 },
  webhooks: { tasks: 3, concurrency: 2, rounds: 1 },
  import: { rounds: 1 },
  journey: { warmUp: 3, rounds: 1 },
  auth: { calls: 100, rounds: 1 },
  'call-rates': { calls: 100, rounds: 1 },
  observability: { calls: 100, rounds: 1 },
};

/** `--quick`: shorter and rougher. `--smoke`: nearly nothing. `--only=echo,wal`: these cases. */
export function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: 'boolean', default: false },
      smoke: { type: 'boolean', default: false },
      only: { type: 'string' },
    },
  });
  const only = values.only?.split(',') ?? CASES;
  const unknown = only.filter((name) => !CASES.includes(name));
  if (unknown.length > 0) throw new Error(`--only takes ${CASES.join(', ')}; it is ${values.only}`);
  return { ...(values.smoke ? SMOKE : values.quick ? QUICK : FULL), only };
}
