import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RESUME_EXTENSION_URI } from '../src/agents/cards/resume.extension.js';
import { LabAgent } from '../examples/lab/lab.agent.js';
import { labChunk } from '../examples/lab/lab-chunk.js';
import { BUSES, Cluster } from './support/cluster.js';
import { RpcClient, textMessage, V10, v03Message } from './support/rpc.client.js';
import { SeededRandom } from './support/seeded-random.js';
import type { SseEvent, SseStream } from './support/sse.client.js';

const REPLICAS = 3;
const CLIENTS = 6;
const CHUNKS = 200;
const BYTES = 64;
/** Task, working, chunks, completed. */
const EVENTS = CHUNKS + 3;
const MOST_AT_ONCE = 60;

/** What the two versions call things, and how a chunk is found in an event. */
const VERSIONS = [
  {
    version: '1.0',
    headers: V10,
    send: 'SendStreamingMessage',
    subscribe: 'SubscribeToTask',
    message: textMessage,
    idOf: (result: Json): unknown => (result.task as Json).id,
    partsOf: (result: Json): unknown =>
      ((result.artifactUpdate as Json | undefined)?.artifact as Json | undefined)?.parts,
    part: (text: string) => ({ text }),
  },
  {
    version: '0.3',
    // Without it the events of v0.3 have no ids.
    headers: { 'A2A-Version': '0.3', 'X-A2A-Extensions': RESUME_EXTENSION_URI } as Record<string, string>,
    send: 'message/stream',
    subscribe: 'tasks/resubscribe',
    message: v03Message,
    idOf: (result: Json): unknown => result.id,
    partsOf: (result: Json): unknown => (result.artifact as Json | undefined)?.parts,
    part: (text: string) => ({ kind: 'text', text }),
  },
] as const;

type Json = Record<string, unknown>;

const resultOf = ({ data }: SseEvent): Json => (JSON.parse(data) as { result: Json }).result;

/** Up to `most` events, then the client is gone without a word. */
async function take(stream: SseStream, most: number): Promise<SseEvent[]> {
  const events: SseEvent[] = [];
  for await (const event of stream) {
    events.push(event);
    if (events.length === most) break;
  }
  stream.close();
  return events;
}

describe.each(BUSES)('readers of replicas with %s', (bus) => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await Cluster.start({ bus, size: REPLICAS, agents: () => [LabAgent] });
  });
  afterAll(() => cluster.close());

  describe.each(VERSIONS)('in version $version', ({ headers, send, subscribe, message, idOf, partsOf, part }) => {
    const client = (replica: number): RpcClient => new RpcClient(cluster.rpc(replica, 'lab').url, headers);

    /** One client: it is cut at random, comes back to a random replica, and keeps all that it was shown. */
    async function readTorn(random: SeededRandom): Promise<SseEvent[]> {
      const anyReplica = (): number => random.between(0, REPLICAS - 1);
      const sent = { message: message(`stream ${CHUNKS} ${BYTES} 1`) };
      const seen = await take(await client(anyReplica()).stream(send, sent), random.between(1, MOST_AT_ONCE));
      const params = { id: idOf(resultOf(seen[0]!)) };
      while (seen.length < EVENTS) {
        const resume = { 'Last-Event-ID': seen.at(-1)!.id! };
        const stream = await client(anyReplica()).stream(subscribe, params, resume);
        seen.push(...(await take(stream, random.between(1, MOST_AT_ONCE))));
      }
      return seen;
    }

    it('that are cut again and again come back to any replica and have each event exactly once', async () => {
      const readers = Array.from({ length: CLIENTS }, (_, index) => readTorn(new SeededRandom(index + 1)));
      for (const [index, seen] of (await Promise.all(readers)).entries()) {
        expect(seen.map(({ id }) => Number(id))).toEqual(Array.from({ length: EVENTS }, (_, i) => i + 1));
        const chunks = seen.flatMap((event) => (partsOf(resultOf(event)) as unknown[] | undefined) ?? []);
        expect(chunks).toEqual(Array.from({ length: CHUNKS }, (_, i) => part(labChunk(i, BYTES))));
        // A reader that reads all of it later, on another replica, gets the same bytes.
        const again = client(index % REPLICAS).stream(
          subscribe,
          { id: idOf(resultOf(seen[0]!)) },
          { 'Last-Event-ID': '0' },
        );
        expect(await (await again).all()).toEqual(seen);
      }
    });
  });
});
