import { describe, expect, it, jest } from '@jest/globals';
import { TaskState } from '@a2a-js/sdk';
import { AgentEvent } from '@a2a-js/sdk/server';
import { Logger } from '@nestjs/common';
import {
  adapted,
  artifactOf,
  type Execute,
  IDS,
  ran,
  state,
  task,
  text,
} from '../../../test/support/sdk/adapted-run.js';
import { messageOf } from '../../../test/support/sdk/v1-0.executors.js';
import { agentRun } from '../../testing/agent-run.js';
import { adaptExecutor } from './adapt-executor.js';

describe('what an adapted executor publishes', () => {
  it('becomes events of the task of the run, whatever ids the executor made up', async () => {
    const { sink } = await ran((_context, bus) => {
      const ids = { taskId: 'mine', contextId: 'own' };
      bus.publish(
        AgentEvent.statusUpdate({ ...state(TaskState.TASK_STATE_WORKING, messageOf('hi', ids)).data, ...ids } as never),
      );
      bus.publish(
        task({
          ...ids,
          id: 'mine',
          status: { state: TaskState.TASK_STATE_COMPLETED, message: undefined, timestamp: undefined },
        } as never),
      );
    });
    expect(sink.brief).toEqual(['WORKING', 'COMPLETED']);
    expect(sink.events[0]).toMatchObject({
      statusUpdate: {
        ...IDS,
        status: { message: { ...IDS, role: 'ROLE_AGENT', parts: [{ text: 'hi', mediaType: 'text/plain' }] } },
      },
    });
  });

  it('keeps all kinds of parts', async () => {
    const own = { metadata: { a: 1 }, filename: 'f', mediaType: 'm/t' };
    const parts = [
      { ...own, content: { $case: 'raw' as const, value: Buffer.from('ABC') } },
      { ...own, content: { $case: 'url' as const, value: 'https://x.example' } },
      { ...own, content: { $case: 'data' as const, value: { b: [null] } } },
    ];
    const { sink } = await ran((_context, bus) =>
      bus.publish(state(TaskState.TASK_STATE_WORKING, { ...messageOf('', IDS), parts })),
    );
    expect(sink.events).toMatchObject([
      {
        statusUpdate: {
          status: {
            message: {
              parts: [
                { ...own, raw: 'QUJD' },
                { ...own, url: 'https://x.example' },
                { ...own, data: { b: [null] } },
              ],
            },
          },
        },
      },
    ]);
  });

  it('is a first Task with its artifacts and its state', async () => {
    const { sink } = await ran((_context, bus) => {
      bus.publish(task({ artifacts: [artifactOf('x')], metadata: { goal: 1 } }));
    });
    expect(sink.events).toMatchObject([
      { artifactUpdate: { artifact: { parts: [{ text: 'x' }] } } },
      { task: { id: IDS.taskId, status: { state: 'TASK_STATE_SUBMITTED' }, metadata: { goal: 1 } } },
    ]);
  });

  it('is the replies of the agent in a history, once each', async () => {
    const reply = messageOf('said', IDS);
    const working = { state: TaskState.TASK_STATE_WORKING, message: reply, timestamp: undefined };
    const { sink } = await ran((_context, bus) => {
      bus.publish(task({ history: [messageOf('earlier', IDS)] }));
      bus.publish(task({ status: working, history: [reply] }));
      bus.publish(task({ status: { ...working, message: undefined }, history: [reply] }));
    });
    expect(sink.brief).toEqual(['WORKING', 'WORKING', 'WORKING']);
    expect(JSON.stringify(sink.events).match(/said|earlier/g)).toEqual(['earlier', 'said']);
  });

  it('is not submitted again in a later attempt, whose first chunk replaces what the lost one left', async () => {
    const { sink } = await ran(
      (_context, bus) => {
        bus.publish(task());
        bus.publish(text('a', true));
        bus.publish(text('b', true));
      },
      { attempt: 2 },
    );
    expect(sink.brief).toEqual(['a', '+b']);
  });

  it('is ignored after finished(), after a final state and after a Message, and the log says so once', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    try {
      for (const last of [state(TaskState.TASK_STATE_COMPLETED), AgentEvent.message(messageOf('m', IDS))]) {
        const { sink } = await ran((_context, bus) => {
          bus.publish(last);
          bus.publish(text('late'));
          bus.publish(text('later'));
        });
        expect(sink.events).toHaveLength(1);
      }
      const { sink } = await ran(async (_context, bus) => {
        bus.publish(text('in time'));
        bus.finished();
        bus.publish(text('late'));
        await new Promise(() => {});
      });
      expect(sink.brief).toEqual(['in time']);
      expect(warn.mock.calls.map(([line]) => line)).toEqual(
        Array(3).fill(expect.stringContaining('published on task task-1 after its end')),
      );
    } finally {
      warn.mockRestore();
    }
  });

  it('reaches the listeners of the bus', async () => {
    const heard: unknown[] = [];
    await ran((_context, bus) => {
      bus.on('event', ({ kind }) => heard.push(kind)).once('finished', () => heard.push('finished'));
      bus.publish(text('x'));
      bus.finished();
    });
    expect(heard).toEqual(['artifactUpdate', 'finished']);
  });
});

describe('an adapted executor that is faster than its events are accepted', () => {
  const burst =
    (count: number): Execute =>
    (_context, bus) => {
      for (let i = 0; i < count; i++) bus.publish(text('x', true));
    };

  it('keeps them in order, up to a limit', async () => {
    expect((await ran(burst(5_000))).sink.events).toHaveLength(5_000);
  });

  it.each([
    ['events', { maxBufferedEvents: 10 }],
    ['bytes', { maxBufferedBytes: 2_000 }],
  ])('fails beyond the limit in %s, also if it catches that', async (_name, options) => {
    const careless: Execute = async (context, bus) => {
      try {
        await burst(100)(context, bus);
      } catch {
        bus.publish(state(TaskState.TASK_STATE_COMPLETED));
      }
    };
    await expect(ran(careless, {}, options)).rejects.toThrow('await eventBus.publish(event)');
  });

  it('is slowed down if it awaits publish', async () => {
    const { sink } = await ran(
      async (_context, bus) => {
        for (let i = 0; i < 100; i++) await bus.publish(text('x', true));
      },
      {},
      { maxBufferedEvents: 1 },
    );
    expect(sink.events).toHaveLength(100);
  });
});

describe('an adapted executor that fails', () => {
  it('rejects with its error, after what it published before', async () => {
    const run = agentRun();
    const failing = adapted((_context, bus) => {
      bus.publish(text('before'));
      throw new Error('broken');
    });
    await expect(failing.execute(run.context, run.updater)).rejects.toThrow('broken');
    expect(run.sink.brief).toEqual(['before']);
  });

  it('is told of an event that breaks the rules', async () => {
    await expect(ran((_context, bus) => bus.publish(text('x', true, '')))).rejects.toThrow('artifactId');
  });

  it.each([
    ['nothing', undefined, 'no event of @a2a-js/sdk 1.0'],
    ['an event of the other SDK', { kind: 'status-update', status: { state: 'working' } }, "set the option sdk: '0.3'"],
  ])('names what it published: %s', async (_name, event, why) => {
    await expect(ran((_context, bus) => bus.publish(event as never))).rejects.toThrow(why);
  });
});

describe('adaptExecutor', () => {
  it.each([
    [{}, {}, 'the executor must have the methods execute'],
    [{ execute: () => {}, cancelTask: 5 }, {}, 'the executor must have the methods execute'],
    [{ execute: () => {} }, { sdk: '0.2' }, 'sdk is "0.2": use \'1.0\''],
    [{ execute: () => {} }, { callContext: 5 }, 'callContext is 5'],
    [{ execute: () => {} }, { maxBufferedEvents: 0 }, 'maxBufferedEvents must be a whole number'],
  ])('refuses %j with the options %j', (executor, options, why) => {
    expect(() => adaptExecutor(executor as never, options as never)).toThrow(why);
  });
});
