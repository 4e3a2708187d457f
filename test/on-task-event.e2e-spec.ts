import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Injectable, Scope } from '@nestjs/common';
import { A2aTasks, type HandledTaskEvent, type InProcessCaller, OnTaskEvent } from '../src/index.js';
import { agentOf, Gate } from './support/agent-of.js';
import { BUSES, Cluster } from './support/cluster.js';
import { STORAGES, TestApp } from './support/test-app.js';
import { until } from '../src/testing/contracts/until.js';

type Call = readonly [where: string, event: HandledTaskEvent, caller: InProcessCaller];
let calls: Call[];
let held: Gate | undefined;
beforeEach(() => {
  calls = [];
  held = undefined;
});

/** The events that a handler was called with, as `seq kind`. */
const seen = (where: string): string[] =>
  calls.filter(([name]) => name === where).map(([, { seq, kind }]) => `${seq} ${kind}`);

/** What its subclasses are, each in another process. */
abstract class Recorder {
  protected abstract readonly place: string;

  @OnTaskEvent()
  every(event: HandledTaskEvent, caller: InProcessCaller): void {
    calls.push([`every${this.place}`, event, caller]);
  }
}

@Injectable()
class Everything extends Recorder {
  protected readonly place = '';
}

@Injectable()
class Some {
  @OnTaskEvent({ agent: 'one', states: ['TASK_STATE_COMPLETED', 'TASK_STATE_FAILED'] })
  async ended(event: HandledTaskEvent, caller: InProcessCaller): Promise<void> {
    calls.push(['ended', event, caller]);
  }

  @OnTaskEvent({ kinds: ['artifact'] })
  async artifact(event: HandledTaskEvent, caller: InProcessCaller): Promise<void> {
    await held?.opened;
    calls.push(['artifact', event, caller]);
  }

  @OnTaskEvent()
  throws(event: HandledTaskEvent): never {
    (event.event as { broken?: boolean }).broken = true;
    throw new Error('A handler of a test fails.');
  }
}

const worker = (id: string) =>
  agentOf(
    async (_context, updater) => {
      await updater.startWork();
      for (const text of ['a', 'b', 'c']) await updater.addArtifact(text);
      await updater.complete();
    },
    { id, default: id === 'one' },
  );
const ALL = ['1 task', '2 status', '3 artifact', '4 artifact', '5 artifact', '6 status'];

describe.each(STORAGES)('@OnTaskEvent() with %s storage', (storage) => {
  let app: TestApp;
  let tasks: A2aTasks;
  const start = async (...handlers: (typeof Everything | typeof Some)[]): Promise<void> => {
    app = await TestApp.start({ storage, agents: [worker('one'), worker('two'), ...handlers] });
    tasks = app.app.get(A2aTasks);
  };
  afterEach(() => app.close());

  it('calls with each event once and in order, with the task and whose it is', async () => {
    await start(Everything);
    const answer = await tasks.send('go', { agent: 'two', owner: 'alice', tenant: 'acme' });
    await until(() => calls.length === 6);
    expect(seen('every')).toEqual(ALL);
    const [, event, caller] = calls.at(-1)!;
    expect(caller).toEqual({ agent: 'two', owner: 'alice', tenant: 'acme' });
    expect(event).toMatchObject({ seq: 6, kind: 'status', state: 'TASK_STATE_COMPLETED', event: { statusUpdate: {} } });
    if (!('task' in answer)) throw new Error('It answered with a Message.');
    expect(await tasks.get(event.taskId, caller)).toEqual(answer.task);
  });

  it('calls with the chosen agent, states and kinds only, and logs what a handler throws', async () => {
    await start(Everything, Some);
    await tasks.send('go', { agent: 'one', owner: 'alice' });
    await tasks.send('go', { agent: 'two', owner: 'alice' });
    await until(() => calls.length === 12 + 1 + 6);
    expect(seen('ended')).toEqual(['6 status']);
    expect(calls.filter(([name]) => name === 'artifact').map(([, { seq }]) => seq)).toHaveLength(6);
    expect(calls.some(([, { event }]) => 'broken' in event)).toBe(false);
  });

  it('lets a slow handler hold up neither the task nor those of others', async () => {
    held = new Gate();
    await start(Everything, Some);
    const answer = await tasks.send('go', { agent: 'one', owner: 'alice' });
    expect(answer).toMatchObject({ task: { status: { state: 'TASK_STATE_COMPLETED' } } });
    await until(() => seen('every').length === 3);
    await tasks.send('go', { agent: 'two', owner: 'alice' });
    await until(() => seen('every').length === 6);
    expect(seen('artifact')).toEqual([]);
    held.open();
    await until(() => seen('every').length === 12);
    expect(seen('artifact')).toHaveLength(6);
  });
});

describe.each(BUSES.filter((bus) => bus !== 'no bus'))('@OnTaskEvent() on two replicas with %s', (bus) => {
  it('calls the handlers of both with each event once and in order', async () => {
    const placed = (replica: number) => {
      @Injectable()
      class Placed extends Recorder {
        protected readonly place = ` on ${replica}`;
      }
      return Placed;
    };
    const cluster = await Cluster.start({ bus, agents: (replica) => [worker('one'), placed(replica)] });
    try {
      const places = ['every on 0', 'every on 1'];
      const sendOn = async ({ app }: TestApp): Promise<string> => {
        const answer = await app.get(A2aTasks).send('go', { agent: 'one', owner: 'alice' });
        return 'task' in answer ? answer.task.id : '';
      };
      const of = (id: string, place: string): string[] =>
        calls.flatMap(([name, { taskId, seq, kind }]) => (name === place && taskId === id ? [`${seq} ${kind}`] : []));
      // The processes have to find each other first.
      for (const app of cluster.apps) {
        await until(async () => {
          const id = await sendOn(app);
          await new Promise((resolve) => setTimeout(resolve, 250));
          return places.every((place) => of(id, place).length > 0);
        });
      }
      for (const app of cluster.apps) {
        const id = await sendOn(app);
        await until(() => places.every((place) => of(id, place).length === ALL.length));
        for (const place of places) expect(of(id, place)).toEqual(ALL);
      }
    } finally {
      await cluster.close();
    }
  });
});

describe('a wrong @OnTaskEvent() fails the boot, by name:', () => {
  const handler = (options: object, scope = Scope.DEFAULT) => {
    @Injectable({ scope })
    class Wrong {
      @OnTaskEvent(options)
      onEvent(): void {
        calls.push(['wrong', {} as HandledTaskEvent, {} as InProcessCaller]);
      }
    }
    return Wrong;
  };

  it.each([
    [handler({ agent: 'nobody' }), "there is no agent 'nobody'. There is: 'one'."],
    [handler({ states: ['completed'] }), 'states has "completed": use TASK_STATE_SUBMITTED, '],
    [handler({ states: [] }), 'states is '],
    [handler({ kinds: ['message'] }), 'kinds has "message": use task, status, artifact.'],
    [handler({ agents: ['one'] }), 'agents is not an option. There are agent, states, kinds, once.'],
    [handler({ once: 'yes' }), 'once is "yes": use true or false.'],
    [handler({}, Scope.REQUEST), 'its class must be a singleton, but it is request-scoped or transient.'],
  ])('%#', async (wrong, problem) => {
    const started = TestApp.start({ agents: [worker('one'), wrong] });
    await expect(started).rejects.toThrow('Wrong.onEvent: @OnTaskEvent(): ');
    await expect(started).rejects.toThrow(problem);
  });

  it('two that are called once under one name', async () => {
    const [one, other] = [handler({ once: true }), handler({ once: true })];
    await expect(TestApp.start({ agents: [worker('one'), one, other] })).rejects.toThrow(
      'Wrong.onEvent: @OnTaskEvent({ once: true }): there are two of this name.',
    );
  });
});
