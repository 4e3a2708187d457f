import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Injectable, type Provider } from '@nestjs/common';
import { cpSync, rmSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { A2aTasks, type HandledTaskEvent, type InProcessCaller, OnTaskEvent } from '../src/index.js';
import type { Task } from '../src/protocol/model/index.js';
import { agentOf } from './support/agent-of.js';
import { Cluster } from './support/cluster.js';
import { Program } from './support/program.js';
import { RpcClient, textMessage } from './support/rpc.client.js';
import { compile, emptyProject } from './support/snippets.js';
import { STORAGES, TestApp } from './support/test-app.js';
import { createTestDatabase, type TestDatabase } from './support/test-database.js';
import { until } from '../src/testing/contracts/until.js';

const QUICK = { pollMs: 20, firstRetryMs: 1, maxRetryMs: 5 };

let calls: string[];
let fails: (call: string) => boolean;
let callers: InProcessCaller[];
beforeEach(() => {
  calls = [];
  callers = [];
  fails = () => false;
});

@Injectable()
class Mails {
  @OnTaskEvent({ agent: 'one', once: true })
  async every({ taskId, seq }: HandledTaskEvent, caller: InProcessCaller): Promise<void> {
    const call = `${taskId} ${seq}`;
    calls.push(call);
    callers.push(caller);
    if (fails(call)) throw new Error('A handler of a test fails.');
  }
}

@Injectable()
class Ends {
  @OnTaskEvent({ states: ['TASK_STATE_COMPLETED'], kinds: ['status'], once: true })
  ended({ taskId, seq }: HandledTaskEvent): void {
    calls.push(`${taskId} ended ${seq}`);
  }
}

const worker = (id: string) =>
  agentOf(
    async (_context, updater) => {
      await updater.startWork();
      await updater.addArtifact('a');
      await updater.complete();
    },
    { id, default: id === 'one' },
  );
const agents = [worker('one'), worker('two')];

async function send(app: TestApp, agent = 'one'): Promise<string> {
  const answer = await app.app.get(A2aTasks).send('go', { agent, owner: 'alice', tenant: 'acme' });
  if (!('task' in answer)) throw new Error('It answered with a Message.');
  return answer.task.id;
}
/** The values of all rows. */
async function rowsOf(database: TestDatabase, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    return (await client.query({ text, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
}

const of = (taskId: string): string[] =>
  calls.filter((call) => call.startsWith(taskId)).map((call) => call.slice(taskId.length + 1));

describe.each(STORAGES)('@OnTaskEvent({ once: true }) with %s storage', (storage) => {
  let app: TestApp;
  const start = async (pushNotifications: object | false = QUICK, handlers = [Mails, Ends]): Promise<void> => {
    app = await TestApp.start({ storage, agents: [...agents, ...handlers], pushNotifications });
  };
  afterEach(() => app.close());

  it('calls with each event in order, again until it succeeds, and passes on whose it is', async () => {
    await start(QUICK, [Mails]);
    const failing = new Map<string, number>();
    fails = (call) => {
      const times = failing.get(call) ?? 0;
      failing.set(call, times + 1);
      return times < 2;
    };
    const id = await send(app);
    await until(() => of(id).length === 12);
    expect(of(id)).toEqual([1, 2, 3, 4].flatMap((seq) => [`${seq}`, `${seq}`, `${seq}`]));
    expect(callers[0]).toEqual({ agent: 'one', owner: 'alice', tenant: 'acme' });
  });

  it('calls with the chosen agent, states and kinds only, and goes on behind what it gave up', async () => {
    await start({ ...QUICK, maxAttempts: 2, disableAfter: 1 });
    fails = (call) => !call.endsWith(' 4');
    const [one, two] = [await send(app), await send(app, 'two')];
    await until(() => of(one).length === 8 && of(two).length === 1);
    expect(of(one).filter((call) => call !== 'ended 4')).toEqual(['1', '1', '2', '2', '3', '3', '4']);
    expect([of(one).includes('ended 4'), of(two)]).toEqual([true, ['ended 4']]);
  });

  it('calls where webhooks are off, too', async () => {
    await start(false, [Mails]);
    const id = await send(app);
    await until(() => of(id).length === 4);
    expect(of(id)).toEqual(['1', '2', '3', '4']);
  });

  it('shows callers nothing of handlers, and takes no webhook under their ids', async () => {
    await start();
    const id = await send(app);
    const rpc = app.rpc('one');
    const task = (await rpc.result<{ task: Task }>('SendMessage', { message: textMessage('go') })).task.id;
    const handler = { taskId: task, id: 'handler:Mails.every' };
    expect(await rpc.result('ListTaskPushNotificationConfigs', { taskId: task })).toMatchObject({ configs: [] });
    const refused = await rpc.call('CreateTaskPushNotificationConfig', { ...handler, url: 'https://example.com/' });
    expect(refused.error?.message).toContain('must not begin with handler:');
    expect((await rpc.call('GetTaskPushNotificationConfig', handler)).error).toBeDefined();
    await rpc.call('DeleteTaskPushNotificationConfig', handler);
    await until(() => of(id).length === 5 && of(task).length === 5);
  });
});

describe('@OnTaskEvent({ once: true }) on two replicas', () => {
  it('calls one of them with each event', async () => {
    const cluster = await Cluster.start({ pushNotifications: QUICK, agents: () => [...agents, Mails] });
    try {
      const ids: string[] = [];
      for (let round = 0; round < 10; round++) for (const app of cluster.apps) ids.push(await send(app));
      await until(() => ids.every((id) => of(id).includes('4')));
      for (const id of ids) expect(of(id)).toEqual(['1', '2', '3', '4']);
    } finally {
      await cluster.close();
    }
  });

  it('keeps what a handler is owed where no process has it, and gives it up with a reason', async () => {
    const database = await createTestDatabase();
    const owed = (column: string): Promise<unknown[]> =>
      rowsOf(database, `select ${column} from a2a_outbox order by id`);
    const start = (handlers: Provider[], maxAttempts: number): Promise<TestApp> =>
      TestApp.start({
        agents: [...agents, ...handlers],
        databaseUrl: database.url,
        pushNotifications: { ...QUICK, maxAttempts },
      });
    try {
      fails = () => true;
      const has = await start([Mails], 1_000);
      const [first, second] = [await send(has), await send(has)];
      await has.close();
      fails = () => false;
      calls = [];
      const tries = await owed('attempts');
      const lacks = await start([], 1_000);
      await until(async () => ((await owed('attempts'))[0] as number) > (tries[0] as number));
      await lacks.close();
      const hasAgain = await start([Mails], 1_000);
      await until(() => of(first).length === 4 && of(second).length === 4);
      fails = () => true;
      const third = await send(hasAgain);
      await until(() => of(third).length > 0);
      await hasAgain.close();
      const givesUp = await start([], 1);
      await until(async () => (await owed('dead_at')).every((at) => at !== null));
      await givesUp.close();
      expect(await owed('dead_reason')).toEqual(Array(4).fill('This process has no handler:Mails.every.'));
    } finally {
      await database.drop();
    }
  });
});

describe('a process that is killed while its handler runs', () => {
  const project = emptyProject('once-handler');
  afterEach(() => rmSync(project, { recursive: true, force: true }));

  it('has its call repeated by another process', async () => {
    const database = await createTestDatabase();
    cpSync(path.join(import.meta.dirname, 'fixtures', 'once-handler'), project, { recursive: true });
    expect(compile(project)).toBe('');
    const start = (env: Record<string, string> = {}): Promise<Program> =>
      Program.start({
        command: process.execPath,
        args: ['main.js'],
        cwd: project,
        env: { DATABASE_URL: database.url, ...env },
        ready: (line) => /It listens on (\S+)/.exec(line)?.[1],
      });
    const programs: Program[] = [];
    try {
      const doomed = await start({ STUCK: 'true' });
      programs.push(doomed);
      const rpc = new RpcClient(`${doomed.url}/a2a/agents/writer`);
      const { task } = await rpc.result<{ task: Task }>('SendMessage', { message: textMessage('go') });
      await until(() => doomed.output.includes(`It handles ${task.id}`));
      await doomed.stop('SIGKILL');
      const heir = await start();
      programs.push(heir);
      // The delivery is hidden from others for the limit of a call, and half a minute to store its result. Here that time is over.
      expect(
        await rowsOf(database, `update a2a_push_queue set due_at = due_at - interval '1 hour' returning task_id`),
      ).toEqual([task.id]);
      await until(() => heir.output.includes(`It handles ${task.id}`));
    } finally {
      for (const program of programs) await program.stop('SIGKILL');
      await database.drop();
    }
  }, 300_000);
});
