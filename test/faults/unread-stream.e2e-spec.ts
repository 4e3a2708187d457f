import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { labChunk } from '../../examples/lab/lab-chunk.js';
import type { StreamResponse, Task } from '../../src/protocol/model/index.js';
import { RpcClient, textMessage } from '../support/rpc.client.js';
import { ServicePlace } from '../support/service.place.js';
import type { SseEvent, SseStream } from '../support/sse.client.js';

const MB = 1_000_000;
const TASKS = 2;
const READERS_PER_TASK = 4;
const TASK_MB = Number(process.env.A2A_FAULT_STREAM_MB ?? 40);
const CHUNK_BYTES = 4000;
const CHUNKS = (TASK_MB * MB) / CHUNK_BYTES;
/** Task, working, chunks, completed. */
const EVENTS = CHUNKS + 3;
/** What the server may grow by: less than one copy of what is to be sent, far less than one for each reader. */
const GROWTH_LIMIT = 120 * MB;
const ANSWER_LIMIT_MS = 5_000;
const LIMIT_MS = 240_000;

const resultOf = ({ data }: SseEvent): StreamResponse => (JSON.parse(data) as { result: StreamResponse }).result;

describe(`${TASKS} streams of ${TASK_MB} MB that ${READERS_PER_TASK} clients each open and do not read`, () => {
  let place: ServicePlace;
  let client: RpcClient;
  let baseline = 0;
  let peak = 0;
  let sampler: NodeJS.Timeout;
  const unread: SseStream[] = [];
  const taskIds: string[] = [];

  beforeAll(async () => {
    // Room for the largest task, framing included.
    place = await ServicePlace.create({ A2A_MAX_TASK_BYTES: String(TASK_MB * 2 * MB) });
    const service = await place.start();
    client = new RpcClient(`${service.origin}/agents/lab`);
    await (await client.stream('SendStreamingMessage', { message: textMessage('stream 2000 1000') })).all();
    baseline = service.residentBytes;
    sampler = setInterval(() => (peak = Math.max(peak, service.residentBytes)), 20);
  }, LIMIT_MS);

  afterAll(async () => {
    clearInterval(sampler);
    for (const stream of unread) stream.close();
    await place.remove();
  }, LIMIT_MS);

  const grown = (): number => Math.max(peak, place.service.residentBytes) - baseline;
  const stateOf = async (id: string) => (await client.result<Task>('GetTask', { id, historyLength: 0 })).status.state;

  async function openUnread(): Promise<void> {
    const contextId = crypto.randomUUID();
    const message = textMessage(`stream ${CHUNKS} ${CHUNK_BYTES}`, { contextId });
    unread.push(await client.stream('SendStreamingMessage', { message }));
    const { tasks } = await client.result<{ tasks: Task[] }>('ListTasks', { contextId });
    const id = tasks[0]?.id ?? '';
    taskIds.push(id);
    for (let reader = 1; reader < READERS_PER_TASK; reader++) {
      unread.push(await client.stream('SubscribeToTask', { id }, { 'Last-Event-ID': '0' }));
    }
  }

  /** The state in the list, which does not read the artifacts. */
  async function running(): Promise<number> {
    const { totalSize } = await client.result<{ totalSize: number }>('ListTasks', { status: 'TASK_STATE_WORKING' });
    return totalSize;
  }

  it('the runs go on to their end, while others are answered and memory stays bounded', async () => {
    await Promise.all(Array.from({ length: TASKS }, openUnread));
    let answers = 0;
    while ((await running()) > 0) {
      const message = textMessage(`echo ${answers}`);
      const late = AbortSignal.timeout(ANSWER_LIMIT_MS);
      const answer = client.result<{ task: Task }>('SendMessage', { message });
      const { task } = await Promise.race([answer, new Promise<never>((_, reject) => late.addEventListener('abort', reject))]);
      expect(task.artifacts?.[0]?.parts).toEqual([{ text: `${answers}` }]);
      answers++;
      await sleep(20);
    }
    expect(answers).toBeGreaterThan(5);
    process.stderr.write(`unread: grown by ${Math.round(grown() / MB)} MB from ${Math.round(baseline / MB)} MB; ${answers} answers meanwhile\n`);
    expect(grown()).toBeLessThan(GROWTH_LIMIT);
  }, LIMIT_MS);

  it('a client that begins to read then is given all of it, in order, from the log', async () => {
    for (let index = 0; index < unread.length; index += READERS_PER_TASK + 1) {
      let seq = 0;
      for await (const event of unread[index]!) {
        seq++;
        if (event.id !== String(seq)) expect(event.id).toBe(String(seq));
        const result = resultOf(event);
        if (!('artifactUpdate' in result)) continue;
        const text = result.artifactUpdate.artifact.parts.map((part) => ('text' in part ? part.text : '')).join('');
        if (text !== labChunk(seq - 3, CHUNK_BYTES)) expect(text).toBe(labChunk(seq - 3, CHUNK_BYTES));
      }
      expect(seq).toBe(EVENTS);
    }
    process.stderr.write(`read: grown by ${Math.round(grown() / MB)} MB\n`);
    expect(grown()).toBeLessThan(GROWTH_LIMIT);
  }, LIMIT_MS);
});
