import { describe, expect, it } from '@jest/globals';
import { setImmediate as tick } from 'node:timers/promises';
import { agentRun } from '../testing/agent-run.js';
import { until } from '../testing/contracts/until.js';
import { untilAborted } from '../../test/support/until-aborted.js';
import type { AgentEventDraft, AgentEvents } from './agent-event-draft.js';
import { drainAgentEvents } from './agent-events.drain.js';
import { type AgentEvent, RunAborted } from './agent-executor.interface.js';
import { TaskUpdater } from './task-updater.js';

const working: AgentEventDraft = { statusUpdate: { status: { state: 'TASK_STATE_WORKING' } } };

async function* given(...events: (AgentEventDraft | string)[]): AgentEvents {
  yield* events;
}

describe('drainAgentEvents', () => {
  it('lets timers and sockets of others run while a generator yields nothing but empty strings', async () => {
    let isReady = false;
    setTimeout(() => (isReady = true), 20);
    async function* busy(): AgentEvents {
      while (!isReady) yield '';
      yield 'ready';
    }
    const { context, updater, sink } = agentRun();
    await drainAgentEvents(busy(), context, updater, 'task');
    expect(sink.brief).toEqual(['ready']);
  });

  it('stops such a generator when it is told to', async () => {
    async function* forever(): AgentEvents {
      for (;;) yield '';
    }
    const { context, updater, abort } = agentRun();
    setTimeout(() => abort.abort(new RunAborted('canceled')), 20);
    await expect(drainAgentEvents(forever(), context, updater, 'task')).rejects.toThrow('canceled');
  });

  it('sends the events in order, filled in', async () => {
    const { context, updater, sink } = agentRun();
    await drainAgentEvents(
      given(working, { statusUpdate: { status: { state: 'TASK_STATE_COMPLETED' } } }),
      context,
      updater,
      'task',
    );
    expect(sink.brief).toEqual(['WORKING', 'COMPLETED']);
    expect(sink.events[0]).toMatchObject({
      statusUpdate: { taskId: 'task-1', status: { timestamp: expect.any(String) } },
    });
  });

  it('C19: makes of strings one artifact named response, without empty chunks', async () => {
    const { context, updater, sink } = agentRun();
    await drainAgentEvents(given('', 'Hel', working, '', 'lo'), context, updater, 'task');
    const ids = { taskId: 'task-1', contextId: 'context-1' };
    expect(sink.events).toEqual([
      {
        artifactUpdate: { ...ids, artifact: { artifactId: 'response-1', name: 'response', parts: [{ text: 'Hel' }] } },
      },
      { statusUpdate: expect.anything() },
      { artifactUpdate: { ...ids, artifact: { artifactId: 'response-1', parts: [{ text: 'lo' }] }, append: true } },
    ]);
  });

  it('begins the same artifact anew when the turn is run again, and another one in the next turn', async () => {
    const first = async (fields: { turn: number; attempt: number }) => {
      const { context, updater, sink } = agentRun(fields);
      await drainAgentEvents(given('x'), context, updater, 'either');
      return sink.events[0];
    };
    const replaces = { artifactUpdate: { artifact: { artifactId: 'response-2' } } };
    expect(await first({ turn: 2, attempt: 1 })).toMatchObject(replaces);
    expect(await first({ turn: 2, attempt: 2 })).toMatchObject(replaces);
    expect(await first({ turn: 2, attempt: 2 })).not.toHaveProperty('artifactUpdate.append');
    expect(await first({ turn: 3, attempt: 1 })).toMatchObject({
      artifactUpdate: { artifact: { artifactId: 'response-3' } },
    });
  });

  it("takes a string for the reply when the agent replies with a 'message'", async () => {
    const { context, updater, sink } = agentRun();
    await drainAgentEvents(given('hello'), context, updater, 'message');
    expect(sink.brief).toEqual(['message hello']);
    await expect(drainAgentEvents(given('more'), context, updater, 'message')).rejects.toThrow(
      'yielded a string after it had answered',
    );
  });

  it('asks for the next event when the last one was accepted, not before', async () => {
    let asked = 0;
    async function* counting(): AgentEvents {
      for (;;) {
        asked++;
        yield 'x';
      }
    }
    const accepts: (() => void)[] = [];
    const { context, abort } = agentRun();
    const updater = new TaskUpdater(
      { emit: () => new Promise<void>((resolve) => accepts.push(resolve)) },
      'task-1',
      'context-1',
    );
    const drained = drainAgentEvents(counting(), context, updater, 'task');
    await until(() => accepts.length > 0);
    expect(asked).toBe(1);
    // Not however long it is given.
    for (let turns = 0; turns < 10; turns++) await tick();
    expect(asked).toBe(1);
    accepts.shift()?.();
    await until(() => asked > 1);
    await until(() => accepts.length > 0);
    expect(asked).toBe(2);
    abort.abort(new Error('over'));
    accepts.shift()?.();
    await expect(drained).rejects.toThrow('over');
  });

  it('rejects with what the generator throws, behind the events before it', async () => {
    async function* failing(): AgentEvents {
      yield 'x';
      throw new Error('no model');
    }
    const { context, updater, sink } = agentRun();
    await expect(drainAgentEvents(failing(), context, updater, 'task')).rejects.toThrow('no model');
    expect(sink.brief).toEqual(['x']);
  });

  it('closes the generator and rejects when an event is refused', async () => {
    let closed = false;
    async function* wrong(): AgentEvents {
      try {
        yield { statusUpdate: { taskId: 'other', status: { state: 'TASK_STATE_WORKING' } } };
        yield 'never';
      } finally {
        closed = true;
      }
    }
    const { context, updater, sink } = agentRun();
    await expect(drainAgentEvents(wrong(), context, updater, 'task')).rejects.toMatchObject({
      reason: 'INVALID_AGENT_RESPONSE',
    });
    expect(closed).toBe(true);
    expect(sink.brief).toEqual([]);
  });

  it('returns the generator on abort, runs its finally block and rejects with the reason', async () => {
    const steps: string[] = [];
    const { context, updater, sink, abort } = agentRun();
    async function* endless(): AgentEvents {
      try {
        yield 'x';
        for (;;) {
          await tick();
          steps.push('worked');
          yield working;
        }
      } finally {
        await tick();
        steps.push('cleaned up');
      }
    }
    const reason = new RunAborted('canceled');
    const drained = drainAgentEvents(endless(), context, updater, 'task');
    await tick();
    abort.abort(reason);
    await expect(drained).rejects.toBe(reason);
    expect(steps.at(-1)).toBe('cleaned up');
    const sent = sink.events.length;
    await tick();
    await tick();
    expect(sink.events).toHaveLength(sent);
  });

  it('returns an iterator at once that waits for its source, so that it can let go', async () => {
    const { context, updater, abort } = agentRun();
    let letGo!: (result: IteratorResult<string>) => void;
    const waiting: AsyncIterable<string> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise((resolve) => (letGo = resolve)),
        return: async () => {
          letGo({ done: true, value: undefined });
          return { done: true, value: undefined };
        },
      }),
    };
    const drained = drainAgentEvents(waiting, context, updater, 'task');
    abort.abort(new RunAborted('canceled'));
    await expect(drained).resolves.toBeUndefined();
  });

  it('still offers the event that the generator yields in answer to the abort', async () => {
    const { context, updater, sink, abort } = agentRun();
    async function* polite(): AgentEvents {
      await untilAborted(context);
      yield { statusUpdate: { status: { state: 'TASK_STATE_CANCELED', message: { parts: [{ text: 'half done' }] } } } };
      yield 'never';
    }
    const drained = drainAgentEvents(polite(), context, updater, 'task');
    abort.abort(new RunAborted('canceled'));
    await expect(drained).rejects.toBeInstanceOf(RunAborted);
    expect(sink.brief).toEqual(['CANCELED']);
  });

  it('rejects with the reason of the abort, not with the refusal of the last event', async () => {
    const { context, abort } = agentRun();
    const updater = new TaskUpdater({ emit: () => Promise.reject(new Error('queue closed')) }, 'task-1', 'context-1');
    async function* late(): AgentEvents {
      await untilAborted(context);
      yield 'late';
    }
    const drained = drainAgentEvents(late(), context, updater, 'task');
    abort.abort(new RunAborted('lost-ownership'));
    await expect(drained).rejects.toMatchObject({ why: 'lost-ownership' });
  });

  it('resolves when the generator ends by itself after the abort', async () => {
    const { context, updater, abort } = agentRun();
    async function* obedient(): AgentEvents {
      await untilAborted(context);
      yield* [];
    }
    const drained = drainAgentEvents(obedient(), context, updater, 'task');
    abort.abort(new RunAborted('canceled'));
    await expect(drained).resolves.toBeUndefined();
  });

  it('does not start a generator when the signal is aborted already, and takes iterators without return()', async () => {
    const { context, updater, sink, abort } = agentRun();
    let asked = 0;
    const bare: AsyncIterable<string> = {
      [Symbol.asyncIterator]: () => ({ next: async () => ({ done: ++asked > 2, value: 'x' }) }),
    };
    await drainAgentEvents(bare, context, updater, 'task');
    expect(sink.brief).toEqual(['x', '+x']);
    abort.abort(new RunAborted('drain'));
    let started = false;
    async function* fresh(): AgentEvents {
      started = true;
      yield 'x';
    }
    await drainAgentEvents(fresh(), context, updater, 'task').catch(() => undefined);
    expect(started).toBe(false);
    const sent: AgentEvent[] = sink.events;
    expect(sent).toHaveLength(2);
  });
});
