import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { chunksOf } from './support/chunk.client.js';
import { v03Message } from './support/rpc.client.js';
import { ServiceFleet } from './support/service.fleet.js';
import type { ServiceProcess } from './support/service.process.js';

const STREAMS = 25;
const LIMIT_MS = 180_000;

interface TransportEvent {
  readonly kind: string;
  readonly lastChunk?: boolean;
  readonly final?: boolean;
  readonly status?: {
    readonly state: string;
    readonly message?: { readonly parts: readonly { readonly text: string }[] };
  };
}

/** What the tutorials' client prints: it takes chunks that begin with `data: `, and the rest of each for one JSON text. */
const printed = (chunks: readonly string[]): TransportEvent[] =>
  chunks
    .filter((chunk) => chunk.startsWith('data: '))
    .map((chunk) => (JSON.parse(chunk.slice('data: '.length)) as { result: TransportEvent }).result);

const told = ({ kind, status, lastChunk, final }: TransportEvent): string =>
  [kind, status?.state, status?.message && 'message', lastChunk && 'lastChunk', final && 'final']
    .filter((word) => typeof word === 'string')
    .join(' ');

const EXPECTED = [
  'task submitted',
  ...Array.from({ length: 4 }, () => 'status-update working message'),
  'artifact-update lastChunk',
  'status-update completed final',
];

describe.each(['express', 'fastify'])("the tutorials' raw client, at the built service on %s", (adapter) => {
  let fleet: ServiceFleet;
  let service: ServiceProcess;
  beforeAll(async () => {
    fleet = await ServiceFleet.create({ HTTP_ADAPTER: adapter });
    service = await fleet.start();
  }, LIMIT_MS);
  afterAll(() => fleet.remove(), LIMIT_MS);

  const call = (messageId: string) =>
    chunksOf(`${service.origin}/`, {
      ...{ jsonrpc: '2.0', id: 1, method: 'message/stream' },
      params: { message: { ...v03Message('twelve apples'), messageId } },
    });

  it(
    'prints the task, four progress messages, the artifact and the final status, each time',
    async () => {
      const ids = Array.from({ length: STREAMS }, () => randomUUID());
      const streams = await Promise.all(ids.map(call));
      for (const chunks of streams) expect(printed(chunks).map(told).join('\n')).toBe(EXPECTED.join('\n'));
      // Sent again, all of it is there at once.
      for (const [index, id] of ids.entries()) expect(await call(id)).toEqual(streams[index]);
    },
    LIMIT_MS,
  );

  it(
    'prints the same when it is run again with the id of its only message',
    async () => {
      const first = printed(await call('test-msg-1'));
      expect(first.map(told)).toEqual(EXPECTED);
      expect(printed(await call('test-msg-1'))).toEqual(first);
    },
    LIMIT_MS,
  );
});
