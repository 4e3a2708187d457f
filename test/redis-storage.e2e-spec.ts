import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './support/free-port.js';
import type { Task } from '../src/protocol/model/index.js';
import { RedisProcess, hasRedisServer, withoutRedisServer } from './support/redis.process.js';
import { ReplayedLog } from './support/replayed-log.js';
import { RpcClient, textMessage } from './support/rpc.client.js';
import { ServiceProcess } from './support/service.process.js';
import { StreamWitness } from './support/stream-witness.js';
import { until } from '../src/testing/contracts/until.js';

const CLIENTS = 6;
const LIMIT_MS = 120_000;
/** Longer than the outage of Redis, short enough to wait for. */
const LEASE_MS = 10_000;

/** Processes of the built service on a Redis that syncs each write before it answers. */
class Fleet {
  readonly dataDir = mkdtempSync(path.join(os.tmpdir(), 'a2a-redis-e2e-'));
  readonly services: ServiceProcess[] = [];
  readonly #ports: number[] = [];

  private constructor(readonly redis: RedisProcess) {}

  static async start(processes: number, env: Record<string, string> = {}): Promise<Fleet> {
    const fleet = new Fleet(await RedisProcess.start());
    for (let index = 0; index < processes; index++) {
      fleet.#ports.push(await freePort());
      await fleet.restart(index, env);
    }
    return fleet;
  }

  async restart(index: number, more: Record<string, string> = {}): Promise<void> {
    const redis = { STORE: 'redis', REDIS_URL: this.redis.url };
    const env = { ...redis, A2A_LEASE_MS: String(LEASE_MS), A2A_RECOVERY_MS: '300', ...more };
    const port = this.#ports[index]!;
    this.services[index] = await ServiceProcess.start({ port, dataDir: this.dataDir, env });
  }

  at(index: number, agent = 'lab'): RpcClient {
    return new RpcClient(`${this.services[index]!.origin}/agents/${agent}`);
  }

  async remove(): Promise<void> {
    await Promise.all(this.services.map((service) => service.kill('SIGKILL')));
    await this.redis.remove();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

const taskOf = (client: RpcClient, id: string): Promise<Task> => client.result<Task>('GetTask', { id });

async function untilEnded(client: RpcClient, id: string): Promise<Task> {
  for (;;) {
    const task = await taskOf(client, id);
    if (/COMPLETED|FAILED|CANCELED/.test(task.status.state)) return task;
    await sleep(100);
  }
}

/** Sends one message after the other, and keeps in `acknowledged` what was, until it is told to stop. */
async function acknowledge(
  client: RpcClient,
  acknowledged: Map<string, string>,
  stopped: () => boolean,
): Promise<void> {
  for (let number = 0; !stopped(); number++) {
    const sent = client.call<{ task: Task }>('SendMessage', { message: textMessage(`echo ${number}`) });
    const task = (await sent.catch(() => undefined))?.result?.task;
    if (task?.status.state === 'TASK_STATE_COMPLETED') acknowledged.set(task.id, `${number}`);
    else await sleep(20);
  }
}

async function expectAcknowledged(client: RpcClient, acknowledged: ReadonlyMap<string, string>): Promise<void> {
  expect(acknowledged.size).toBeGreaterThan(0);
  for (const [id, text] of acknowledged) {
    const task = await taskOf(client, id);
    expect(task.artifacts?.map(({ parts }) => parts)).toEqual([[{ text }]]);
  }
}

function oneProcess(): void {
  let fleet: Fleet;
  beforeAll(async () => {
    fleet = await Fleet.start(1);
  }, LIMIT_MS);
  afterAll(() => fleet.remove(), LIMIT_MS);

  /** Streams, and messages that are answered one by one, while `kill` happens. */
  async function during(kill: () => Promise<void>) {
    const acknowledged = new Map<string, string>();
    let over = false;
    const acknowledging = acknowledge(fleet.at(0), acknowledged, () => over);
    await until(() => acknowledged.size > 0);
    const asked = { chunks: 400, bytes: 64, delayMs: 20 };
    const witnesses = Array.from({ length: CLIENTS }, (_, index) => {
      const agent = index % 2 === 0 ? 'lab' : 'lab-resumable';
      return { agent, witness: new StreamWitness(fleet.at(0, agent), asked) };
    });
    let underWay = 0;
    const ends = ({ seq }: { seq?: number }): boolean => {
      if (seq === 3) underWay++;
      return false;
    };
    const streams = Promise.all(witnesses.map(({ witness }) => witness.sendUntilAccepted(ends)));
    await until(() => underWay === CLIENTS);
    await kill();
    await streams;
    over = true;
    await acknowledging;
    return { asked, witnesses, acknowledged };
  }

  it(
    'killed with SIGKILL, and started again, loses nothing that was acknowledged, and ends each task',
    async () => {
      const { witnesses, acknowledged } = await during(() => fleet.services[0]!.kill('SIGKILL').then(() => undefined));
      await fleet.restart(0);
      for (const { agent, witness } of witnesses) {
        const client = fleet.at(0, agent);
        expect(witness.ended).toBe(false);
        const { status } = await untilEnded(client, witness.taskId!);
        const log = await ReplayedLog.read(client, witness.taskId!);
        await witness.resume(log.lastSeq);
        expect(witness.lastSeq).toBe(log.lastSeq);
        witness.expectKept(log);
        if (agent === 'lab-resumable') expect(status.state).toBe('TASK_STATE_COMPLETED');
        else expect(status.message?.metadata?.['reason']).toBe('RUN_LOST');
      }
      await expectAcknowledged(fleet.at(0), acknowledged);
    },
    LIMIT_MS,
  );

  it(
    'goes on when Redis was killed with SIGKILL: each stream to its end, on its connection',
    async () => {
      const { asked, witnesses, acknowledged } = await during(async () => {
        await fleet.redis.kill();
        await sleep(500);
        await fleet.redis.restart();
      });
      for (const { agent, witness } of witnesses) {
        const log = await ReplayedLog.read(fleet.at(0, agent), witness.taskId!);
        log.expectWhole(asked);
        expect([witness.connections, witness.ended, log.task.status.state]).toEqual([1, true, 'TASK_STATE_COMPLETED']);
        witness.expectKept(log);
      }
      await expectAcknowledged(fleet.at(0), acknowledged);
    },
    LIMIT_MS,
  );

  it(
    'is not ready while Redis is unreachable, refuses with a reason, and ends in order',
    async () => {
      const { origin } = fleet.services[0]!;
      await fleet.redis.kill();
      expect((await fetch(`${origin}/health/ready`)).status).toBe(503);
      const refused = await fleet.at(0).call('GetTask', { id: crypto.randomUUID() });
      expect(refused.error?.message).toMatch(/cannot be reached. Try again/);
      await fleet.redis.restart();
      while (!(await fetch(`${origin}/health/ready`)).ok) await sleep(50);
      expect(await fleet.services[0]!.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    },
    LIMIT_MS,
  );
}

function twoProcesses(): void {
  let fleet: Fleet;
  // What the bus does not tell is not found as long as the test lasts.
  beforeAll(async () => {
    fleet = await Fleet.start(2, { A2A_POLL_MS: '60000' });
  }, LIMIT_MS);
  afterAll(() => fleet.remove(), LIMIT_MS);

  it(
    'show a client that goes from one to the other each event exactly once',
    async () => {
      const asked = { chunks: 150, bytes: 100, delayMs: 3 };
      const witness = new StreamWitness(fleet.at(0), asked);
      await witness.send(({ seq }) => seq === 20);
      for (let turn = 1; !witness.ended; turn++) await witness.goTo(fleet.at(turn % 2)).resume(20 + turn * 25);
      const log = await ReplayedLog.read(fleet.at(1), witness.taskId!);
      log.expectWhole(asked);
      expect(witness.lastSeq).toBe(log.lastSeq);
      witness.expectKept(log);
    },
    LIMIT_MS,
  );

  it('make one task of a message that both are sent, and cancel a task that runs at the other', async () => {
    const message = textMessage('sleep 60000');
    const params = { message, configuration: { returnImmediately: true } };
    const sent = await Promise.all(
      Array.from({ length: 20 }, (_, n) => fleet.at(n % 2).result<{ task: Task }>('SendMessage', params)),
    );
    const ids = new Set(sent.map(({ task }) => task.id));
    expect(ids.size).toBe(1);
    const [id = ''] = ids;
    const canceled = await Promise.all([0, 1].map((n) => fleet.at(n).call<Task>('CancelTask', { id })));
    expect(canceled.some(({ result }) => result?.status.state === 'TASK_STATE_CANCELED')).toBe(true);
    expect((await taskOf(fleet.at(1), id)).status.state).toBe('TASK_STATE_CANCELED');
  });

  it('take a message for a task that rests at the other', async () => {
    const first = await fleet.at(0).result<{ task: Task }>('SendMessage', { message: textMessage('ask') });
    const { id: taskId, contextId } = first.task;
    expect(first.task.status.state).toBe('TASK_STATE_INPUT_REQUIRED');
    const message = textMessage('blue', { taskId, contextId });
    const second = await fleet.at(1).result<{ task: Task }>('SendMessage', { message });
    expect(second.task).toMatchObject({ id: taskId, status: { state: 'TASK_STATE_COMPLETED' } });
  });

  it(
    'take over the tasks of one that is killed',
    async () => {
      const asked = { chunks: 400, bytes: 64, delayMs: 10 };
      const witness = new StreamWitness(fleet.at(0, 'lab-resumable'), asked);
      const sent = witness.send();
      while (witness.taskId === undefined && !witness.waitsFor?.includes('follows')) await sleep(50);
      await sleep(500);
      await fleet.services[0]!.kill('SIGKILL');
      await sent;
      const heir = fleet.at(1, 'lab-resumable');
      const { status } = await untilEnded(heir, witness.taskId!);
      expect(status.state).toBe('TASK_STATE_COMPLETED');
      const log = await ReplayedLog.read(heir, witness.taskId!);
      await witness.goTo(heir).resume(log.lastSeq);
      expect(witness.lastSeq).toBe(log.lastSeq);
      witness.expectKept(log);
    },
    LIMIT_MS,
  );
}

if (hasRedisServer()) {
  describe('the service with STORE=redis', oneProcess);
  describe('two processes of the service on one Redis', twoProcesses);
} else it('is not tested without a redis-server', () => withoutRedisServer('the service with STORE=redis'));
