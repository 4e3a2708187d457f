import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Task } from '../../src/protocol/model/index.js';
import { figures, sized, spread } from '../support/faults/figures.js';
import { IdleStreams } from '../support/faults/idle-streams.js';
import { bytesHeld, MEMORY_REPORT } from '../support/faults/memory-report.js';
import { textMessage } from '../support/rpc.client.js';
import { labOf, ServiceFleet } from '../support/service.fleet.js';
import type { ServiceProcess } from '../support/service.process.js';

const STREAMS = sized(500, 10_000);
const CLIENTS = 2;
const TASKS = 10;
/** Idle for so long: more than one keep-alive comment each. */
const IDLE_MS = sized(2_500, 30_000);
const KEEP_ALIVE_MS = sized(1_000, 15_000);
/** What an idle stream may hold. */
const BYTES_PER_STREAM = sized(60_000, 40_000);
/** What may be left of all of them: what was compiled and cached meanwhile. */
const LEFT_BYTES = 12_000_000;
/** Seconds in which all of it must be given back. */
const SETTLE_TRIES = 60;
/** A call that takes longer hangs; a busy machine alone is not so slow. */
const ANSWER_LIMIT_MS = 60_000;
const LIMIT_MS = 400_000;
const KB = 1_000;
const MB = 1_000_000;

describe(`${STREAMS} event streams on which nothing happens`, () => {
  let fleet: ServiceFleet;
  let service: ServiceProcess;
  const clients: IdleStreams[] = [];

  beforeAll(async () => {
    fleet = await ServiceFleet.create({
      A2A_KEEP_ALIVE_MS: String(KEEP_ALIVE_MS),
      A2A_MAX_CALLS_PER_CALLER: String(2 * STREAMS),
      ...MEMORY_REPORT,
    });
    service = await fleet.start();
  }, LIMIT_MS);
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.kill()));
    await fleet.remove();
  }, LIMIT_MS);

  const openFiles = (): number => readdirSync(`/proc/${service.pid}/fd`).length;

  async function echo(): Promise<number> {
    const begun = performance.now();
    const { task } = await labOf(service).result<{ task: Task }>('SendMessage', { message: textMessage('echo hi') });
    expect(task.status.state).toBe('TASK_STATE_COMPLETED');
    return performance.now() - begun;
  }

  /** How long calls take while `work` is under way. */
  async function answering(work: Promise<unknown>): Promise<number[]> {
    const times: number[] = [];
    let over = false;
    const done = work.finally(() => (over = true));
    do {
      times.push(await echo());
      await sleep(50);
    } while (!over);
    await done;
    return times;
  }

  /** Tasks that wait for their client, as do all that subscribe to them. */
  async function ask(): Promise<string[]> {
    const ids: string[] = [];
    for (let index = 0; index < TASKS; index++) {
      const { task } = await labOf(service).result<{ task: Task }>('SendMessage', { message: textMessage('ask') });
      ids.push(task.id);
    }
    return ids;
  }

  async function openAll(ids: readonly string[]): Promise<number[]> {
    clients.splice(
      0,
      CLIENTS,
      ...Array.from({ length: CLIENTS }, (_, index) => new IdleStreams(`127.0.0.${index + 2}`)),
    );
    return answering(Promise.all(clients.map((client) => client.open(labOf(service).url, ids, STREAMS / CLIENTS))));
  }

  const reports = () => Promise.all(clients.map((client) => client.report()));

  /** Waits for an event to have reached all that are to see it. */
  async function arrived(seq: number, count: number): Promise<{ first: number; last: number }> {
    for (;;) {
      const arrivals = (await reports()).flatMap(({ seen }) => seen.get(seq) ?? []);
      if (arrivals.reduce((sum, each) => sum + each.count, 0) === count) {
        return {
          first: Math.min(...arrivals.map(({ first }) => first)),
          last: Math.max(...arrivals.map(({ last }) => last)),
        };
      }
      await sleep(20);
    }
  }

  async function freed(baseline: number): Promise<number> {
    const begun = performance.now();
    // Connections of the calls around come and go.
    while (openFiles() > baseline + 10) await sleep(20);
    return performance.now() - begun;
  }

  /** What is held when closed connections are gone from memory too, which takes more than one collection. */
  async function heldAfterwards(limit: number): Promise<number> {
    for (let left = SETTLE_TRIES; ; left--) {
      const bytes = await bytesHeld(service);
      if (bytes < limit || left === 0) return bytes;
      await sleep(1_000);
    }
  }

  it(
    'are open, cost little, all see one event, and are gone with their clients; the service answers all along',
    async () => {
      for (let warmUp = 0; warmUp < 20; warmUp++) await echo();
      const files = openFiles();
      const before = service.residentBytes;
      const held: number[] = [await bytesHeld(service)];
      const begun = performance.now();
      const whileOpening = await openAll(await ask());
      const openedMs = performance.now() - begun;
      expect(openFiles()).toBeGreaterThanOrEqual(files + STREAMS);
      const whileIdle = await answering(sleep(IDLE_MS));
      const resident = (service.residentBytes - before) / STREAMS;
      held.push(await bytesHeld(service));
      for (const { streams, broken } of await reports())
        expect({ streams, broken }).toEqual({ streams: STREAMS / CLIENTS, broken: 0 });

      // All at one task now, which then ends: the answer and the end reach all of them.
      await Promise.all(clients.map((client) => client.kill()));
      const freedMs = await freed(files);
      held.push(await heldAfterwards(held[0]! + LEFT_BYTES));
      const [id = ''] = await ask();
      await openAll([id]);
      const sent = Date.now();
      await labOf(service).result('SendMessage', { message: textMessage('answer', { taskId: id }) });
      const [, end] = [await arrived(4, STREAMS), await arrived(5, STREAMS)];
      const endedFreedMs = await freed(files);
      for (const { streams, broken } of await reports()) expect({ streams, broken }).toEqual({ streams: 0, broken: 0 });

      // And once more: what was freed is used again.
      await Promise.all(clients.map((client) => client.kill()));
      const whileOpeningAgain = await openAll(await ask());
      held.push(await bytesHeld(service));
      await Promise.all(clients.map((client) => client.kill()));
      const times = await answering(freed(files));
      held.push(await heldAfterwards(held[0]! + LEFT_BYTES));
      const [atFirst = NaN, open = NaN, whenFreed = NaN, , atLast = NaN] = held;
      const perStream = (open - atFirst) / STREAMS;
      const answers = [...whileOpening, ...whileIdle, ...whileOpeningAgain, ...times];

      figures(
        `${STREAMS} streams up in ${Math.round(openedMs)} ms, ${Math.round(perStream / KB)} kB each (resident: ${Math.round(resident / KB)} kB); an event reached all of them ` +
          `${end.last - sent} ms after it was asked for, within ${end.last - end.first} ms; freed ${Math.round(freedMs)} ms after kill -9 of the clients ` +
          `and ${Math.round(endedFreedMs)} ms after the end; held in MB: ${held.map((bytes) => (bytes / MB).toFixed(1)).join(', ')}; ` +
          `calls meanwhile: ${spread(answers)}`,
      );
      expect(perStream).toBeLessThan(BYTES_PER_STREAM);
      for (const bytes of [whenFreed, atLast]) expect(bytes).toBeLessThan(atFirst + LEFT_BYTES);
      expect(Math.max(...answers)).toBeLessThan(ANSWER_LIMIT_MS);
    },
    LIMIT_MS,
  );
});
