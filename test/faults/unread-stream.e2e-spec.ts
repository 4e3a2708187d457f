import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, randomUUID } from 'node:crypto';
import { labChunk } from '../../examples/lab/lab-chunk.js';
import type { StreamResponse, Task } from '../../src/protocol/model/index.js';
import { figures, sized, spread } from '../support/faults/figures.js';
import { RpcClient, textMessage } from '../support/rpc.client.js';
import { ServicePlace } from '../support/service.place.js';
import type { SseEvent, SseStream } from '../support/sse.client.js';

const MB = 1_000_000;
const TASKS = 4;
const READERS_PER_TASK = 3;
const TASK_MB = Number(process.env.A2A_FAULT_STREAM_MB ?? sized(20, 50));
const CHUNK_BYTES = 4000;
const CHUNKS = (TASK_MB * MB) / CHUNK_BYTES;
/** Task, working, chunks, completed. */
const EVENTS = CHUNKS + 3;
const HEAP_MB = 128;
/** What the server may grow by: its heap, and what it has at hand for each reader; all that waits to be read is far more. */
const GROWTH_LIMIT = 160 * MB;
/** A stream of somebody else: one event each 50 ms. */
const PACE_MS = 50;
/** Who waits for longer is held up; a busy machine alone is not so slow. */
const ANSWER_LIMIT_MS = 60_000;
const LIMIT_MS = 240_000;

const resultOf = ({ data }: SseEvent): StreamResponse => (JSON.parse(data) as { result: StreamResponse }).result;

describe(`${TASKS} streams of ${TASK_MB} MB that ${READERS_PER_TASK} clients each open and do not read`, () => {
  let place: ServicePlace;
  let client: RpcClient;
  let baseline = 0;
  let peak = 0;
  let sampler: NodeJS.Timeout;
  const unread: { id: string; stream: SseStream }[] = [];
  /** What an attentive reader of each task was given. */
  const digests = new Map<string, string>();

  beforeAll(async () => {
    place = await ServicePlace.create({
      // They are to begin to read later.
      A2A_RESPONSE_IDLE_MS: String(LIMIT_MS),
      // Room for the events around the chunks.
      A2A_MAX_TASK_BYTES: String(TASK_MB * 2 * MB),
      // What grows is then what is held, and not what V8 has not collected yet.
      NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}`,
    });
    const service = await place.start();
    client = new RpcClient(`${service.origin}/agents/lab`);
    await (await client.stream('SendStreamingMessage', { message: textMessage('stream 2000 1000') })).all();
    baseline = service.residentBytes;
    sampler = setInterval(() => (peak = Math.max(peak, service.residentBytes)), 20);
  }, LIMIT_MS);

  afterAll(async () => {
    clearInterval(sampler);
    for (const { stream } of unread) stream.close();
    await place.remove();
  }, LIMIT_MS);

  const grown = (): number => Math.max(peak, place.service.residentBytes) - baseline;

  /** Opens the streams of one task that nobody reads, and resolves with its id. */
  async function openUnread(): Promise<string> {
    const contextId = randomUUID();
    const message = textMessage(`stream ${CHUNKS} ${CHUNK_BYTES}`, { contextId });
    const streams = [await client.stream('SendStreamingMessage', { message })];
    const { tasks } = await client.result<{ tasks: Task[] }>('ListTasks', { contextId });
    const id = tasks[0]?.id ?? '';
    for (let reader = 1; reader < READERS_PER_TASK; reader++) {
      streams.push(await client.stream('SubscribeToTask', { id }, { 'Last-Event-ID': '0' }));
    }
    unread.push(...streams.map((stream) => ({ id, stream })));
    return id;
  }

  /** Each event once and in order, to the end. Resolves with a digest of all bytes. */
  async function expectAll(stream: SseStream): Promise<string> {
    const digest = createHash('sha256');
    let seq = 0;
    for await (const event of stream) {
      seq++;
      digest.update(`${event.id} ${event.data}\n`);
      if (event.id !== String(seq)) expect(event.id).toBe(String(seq));
      const result = resultOf(event);
      if (!('artifactUpdate' in result)) continue;
      const text = result.artifactUpdate.artifact.parts.map((part) => ('text' in part ? part.text : '')).join('');
      if (text !== labChunk(seq - 3, CHUNK_BYTES)) expect(text).toBe(labChunk(seq - 3, CHUNK_BYTES));
    }
    expect(seq).toBe(EVENTS);
    return digest.digest('hex');
  }

  /** A stream that has nothing to do with the others; resolves with the times from one of its events to the next, in ms. */
  async function gapsOfAnother(over: () => boolean): Promise<number[]> {
    const gaps: number[] = [];
    const stream = await client.stream('SendStreamingMessage', { message: textMessage(`stream 10000 64 ${PACE_MS}`) });
    let last = performance.now();
    for await (const _event of stream) {
      const now = performance.now();
      gaps.push(now - last);
      last = now;
      if (over()) break;
    }
    stream.close();
    return gaps;
  }

  /** How long others wait while `work` goes on. */
  async function longestWaits(
    work: () => Promise<unknown>,
  ): Promise<{ answers: number; answerMs: number; gaps: readonly number[] }> {
    let over = false;
    const ended = work().finally(() => (over = true));
    const another = gapsOfAnother(() => over);
    let [answers, answerMs] = [0, 0];
    for (; !over; answers++) {
      const begun = performance.now();
      const message = textMessage(`echo ${answers}`);
      const { task } = await client.result<{ task: Task }>('SendMessage', { message });
      answerMs = Math.max(answerMs, performance.now() - begun);
      expect(task.artifacts?.[0]?.parts).toEqual([{ text: `${answers}` }]);
    }
    await ended;
    return { answers, answerMs, gaps: await another };
  }

  it(
    'hold up neither their runs nor other clients, and cost no memory',
    async () => {
      const ids = await Promise.all(Array.from({ length: TASKS }, openUnread));
      const { answers, gaps, answerMs } = await longestWaits(() =>
        Promise.all(
          ids.map(async (id) =>
            digests.set(id, await expectAll(await client.stream('SubscribeToTask', { id }, { 'Last-Event-ID': '0' }))),
          ),
        ),
      );
      expect(answers).toBeGreaterThan(2);
      figures(
        `${TASKS} times ${READERS_PER_TASK} unread streams of ${TASK_MB} MB: grown by ${Math.round(grown() / MB)} MB from ${Math.round(baseline / MB)} MB; ` +
          `${answers} answers meanwhile, the slowest after ${Math.round(answerMs)} ms; from one event to the next of a stream of ${PACE_MS} ms: ${spread(gaps)}`,
      );
      expect(answerMs).toBeLessThan(ANSWER_LIMIT_MS);
      expect(Math.max(...gaps)).toBeLessThan(ANSWER_LIMIT_MS);
      expect(grown()).toBeLessThan(GROWTH_LIMIT);
    },
    LIMIT_MS,
  );

  it(
    'are given all of it, in order, when their clients begin to read',
    async () => {
      for (const { id, stream } of unread) expect(await expectAll(stream)).toBe(digests.get(id));
      figures(`and read to their ends, the same bytes: grown by ${Math.round(grown() / MB)} MB`);
      expect(grown()).toBeLessThan(GROWTH_LIMIT);
    },
    LIMIT_MS,
  );
});
