import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { RedisProcess, hasRedisServer, withoutRedisServer } from '../../../test/support/redis.process.js';
import {
  begin,
  caller,
  chunk,
  HOUR,
  incoming,
  newTask,
  pushConfig,
  replica,
  status,
  Writer,
} from '../../testing/contracts/fixtures.js';
import { openMemoryStores } from '../memory/open-stores.js';
import type { OpenStores } from '../stores.js';
import { openRedisStores } from './open-stores.js';

const ACTIONS = [
  ...[
    'chunk',
    'artifact',
    'work',
    'ask',
    'end',
    'put',
    'withdraw',
    'consume',
    'sweep',
    'config',
    'config 2',
    'unconfig',
  ],
  ...[
    'disable',
    'take',
    'trim',
    'expire',
    'trim all',
    'cancel',
    'release',
    'claim',
    'next',
    'hand back',
    'line',
    'forceClaim',
  ],
  ...['takeover', 'forget'],
] as const;
type Action = (typeof ACTIONS)[number];

const ended = { agent: 'lab', state: 'TASK_STATE_COMPLETED', forMs: 0 } as const;
const agents = new Map([['lab', 10]]);

/** The fixture that the actions work on. */
interface Bench {
  readonly context: ReturnType<typeof caller>;
  readonly runs: Writer[];
  readonly entries: string[];
  readonly gone: string;
}

/** Runs one action on one of the tasks and returns its result, without ids and times. */
async function act(stores: OpenStores, bench: Bench, action: Action, index: number): Promise<unknown> {
  const { tasks, runs, inbox, outbox, pushConfigs } = stores;
  const { context } = bench;
  const writer = bench.runs[index]!;
  const { run } = writer;
  const { taskId } = run;
  const append = async (...events: Parameters<Writer['append']>) => {
    const result = await writer.append(...events);
    return result.ok || result.reason;
  };
  const claimed = (claim: Awaited<ReturnType<typeof runs.forceClaim>>): unknown => {
    if (!claim) return undefined;
    const at = bench.runs.findIndex((one) => one.run.taskId === claim.run.taskId);
    bench.runs[at] = new Writer(tasks, claim.run, claim.lastSeq);
    return [at, claim.run.fence, claim.turn, claim.attempt, claim.crashes, claim.failures, claim.cancelRequested];
  };
  switch (action) {
    case 'chunk':
      return append(chunk('text'));
    case 'artifact':
      return append(chunk('text', 'a', false));
    case 'work':
      return append(status('TASK_STATE_WORKING'));
    case 'ask':
      return append(status('TASK_STATE_INPUT_REQUIRED'));
    case 'end':
      return append(status('TASK_STATE_COMPLETED'));
    case 'put': {
      const options = index === 0 ? { pushConfig: { config: pushConfig('d'), limit: 2 } } : {};
      const put = await inbox.put(context, taskId, incoming('x'), 'd', 3, options);
      if (put.result === 'queued') bench.entries[index] = put.id;
      return put.result;
    }
    case 'withdraw':
      return inbox.withdraw(context, taskId, bench.entries[index] ?? '');
    case 'consume': {
      const entry = await inbox.peek(run);
      const events = [status('TASK_STATE_WORKING', { inbound: incoming('in').message })];
      const consumes = entry && { consumes: entry.id };
      const { ok } = await tasks.append({ run, firstSeq: writer.lastSeq + 1, events, ...consumes });
      if (ok) writer.lastSeq++;
      return [ok, entry !== undefined];
    }
    case 'sweep':
      return inbox.sweep(2);
    case 'config':
      return pushConfigs.put(context, taskId, pushConfig('c'), 2);
    case 'config 2':
      return pushConfigs.put(context, taskId, pushConfig('d'), 2);
    case 'unconfig':
      return pushConfigs.delete(context, taskId, 'c');
    case 'disable':
      return pushConfigs.disable(taskId, 'c', 'gone');
    case 'take': {
      // The order among configs is not guaranteed.
      const taken = await outbox.take(100, 0);
      for (const entry of taken) {
        if (index === 0) await outbox.complete([entry.id]);
        else if (index === 1) await outbox.retry(entry, 0);
        else await outbox.deadLetter(entry.id, 'dead');
      }
      const tasksOf = bench.runs.map((one) => one.run.taskId);
      return taken.map((one) => [tasksOf.indexOf(one.event.taskId), one.config.id, one.event.seq, one.attempts]).sort();
    }
    case 'trim':
      return tasks.trim(taskId, 3);
    case 'expire':
      return tasks.deleteEnded(ended, 10);
    case 'trim all':
      return tasks.trimEnded(ended, 10);
    case 'cancel':
      return (await runs.requestCancel(context, taskId))?.state;
    case 'release':
      return runs.release(run);
    case 'claim':
      return claimed(await runs.claimTurn(context, taskId, 'r2'));
    case 'next':
      return runs.nextTurn(run, (await tasks.head(context, taskId))?.turn ?? 1);
    case 'hand back':
      return runs.requeue(run, { delayMs: index === 2 ? HOUR : 0, failed: index === 1 });
    case 'line':
      return (await runs.claimQueued('r3', { limit: 10, agents })).map(claimed).sort();
    case 'forceClaim':
      return claimed(await runs.forceClaim(context, taskId, bench.gone));
    case 'takeover':
      return claimed(await runs.takeover(taskId, 'r4'));
    case 'forget':
      return tasks.forgetMessages(-1_000, 100);
  }
}

/** The complete state, without ids and times. */
async function stateOf({ tasks, runs }: OpenStores, { context, runs: writers }: Bench): Promise<unknown> {
  const at = (ids: readonly { taskId: string }[]): number[] =>
    ids.map(({ taskId }) => writers.findIndex(({ run }) => run.taskId === taskId)).sort();
  const heads = [];
  for (const { run } of writers) {
    const head = await tasks.head(context, run.taskId);
    const log = await tasks.eventsAfter(context, run.taskId, head?.trimmedSeq ?? 0);
    heads.push(
      head && [head.state, head.lastSeq, head.fence, head.turn, head.attempt, head.trimmedSeq, log?.events.length],
      head && (await tasks.get(context, run.taskId))?.task.artifacts?.length,
    );
  }
  const asking = { agent: 'lab', state: 'TASK_STATE_INPUT_REQUIRED', forMs: 0 } as const;
  return {
    heads,
    orphans: at(await runs.orphanedRuns(10, ['lab'])),
    unanswered: at(await runs.tasksWithPendingMessages(10, ['lab'])),
    abandoned: at(await tasks.expiredInputRequired(asking, 10)),
    unstarted: at(await runs.unstartedRuns('r2', [], 10)),
    waiting: [await runs.countWaiting(100), await runs.countWaiting(100, context.owner)],
    total: (await tasks.list(context, {})).totalSize,
    working: (await tasks.list(context, { status: 'TASK_STATE_WORKING' })).totalSize,
  };
}

async function benchOn(stores: OpenStores): Promise<Bench> {
  const context = caller();
  const gone = await replica(stores, 0);
  const runs = [await begin(stores, context), await begin(stores, context, { runOwner: gone })];
  const waiting = newTask();
  const created = await stores.tasks.create(context, waiting);
  if (!created.created) throw new Error('not created');
  // A queued task has no run owner.
  const nobody = new Writer(stores.tasks, { ...created.run, fence: 0 });
  return { context, runs: [...runs, nobody], entries: [], gone };
}

function leftovers(): void {
  let server: RedisProcess;
  let redis: Redis;
  beforeAll(async () => {
    server = await RedisProcess.start(['--appendonly', 'yes', '--appendfsync', 'no']);
    redis = new Redis(server.url);
  });
  afterAll(async () => {
    redis.disconnect();
    await server.remove();
  });

  it('does as the memory does, whatever happens to tasks, and leaves no key when all are gone', async () => {
    const steps = fc.array(fc.tuple(fc.constantFrom(...ACTIONS), fc.nat(2)), { maxLength: 60 });
    const stores = await openRedisStores(server.url);
    await fc.assert(
      fc.asyncProperty(steps, async (taken) => {
        await redis.flushall();
        const memory = openMemoryStores();
        const [here, there] = [await benchOn(stores), await benchOn(memory)];
        for (const [action, index] of taken) {
          const outcome = await act(stores, here, action, index);
          expect([action, index, outcome]).toEqual([action, index, await act(memory, there, action, index)]);
        }
        await stores.tasks.idle();
        expect(await stateOf(stores, here)).toEqual(await stateOf(memory, there));
        for (const { run } of here.runs) await stores.tasks.delete(here.context, run.taskId);
        await stores.tasks.forgetMessages(-1_000, 1_000);
        const left = (await redis.keys('*')).map((key) => key.replace('{a2a}:', ''));
        expect(left.filter((key) => key !== 'replicas' && key !== 'entries')).toEqual([]);
      }),
      { numRuns: 300 },
    );
    await stores.close();
  }, 240_000);
}

if (hasRedisServer()) describe('the storage in Redis', leftovers);
else it('is not tested without a redis-server', () => withoutRedisServer('what is left in Redis'));
