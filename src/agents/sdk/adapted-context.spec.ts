import { describe, expect, it, jest } from '@jest/globals';
import { type Task, TaskState } from '@a2a-js/sdk';
import { AgentEvent, type RequestContext } from '@a2a-js/sdk/server';
import { adapted, IDS, ran, state } from '../../../test/support/sdk/adapted-run.js';
import { messageOf } from '../../../test/support/sdk/v1-0.executors.js';
import { agentRun } from '../../testing/agent-run.js';
import { RunAborted } from '../agent-executor.interface.js';
import type { RequestContextFields } from '../request-context.js';
import type { AdaptOptions } from './adapt.options.js';

describe('the context of an adapted executor', () => {
  const contextOf = async (fields: Partial<RequestContextFields>, options?: AdaptOptions): Promise<RequestContext> => {
    let seen: RequestContext | undefined;
    await ran((context) => void (seen = context), fields, options);
    return seen!;
  };
  const caller = {
    owner: 'alice',
    tenant: 'acme',
    agent: 'a',
    protocolVersion: '1.0' as const,
    requestedExtensions: [],
  };

  it('has the message with the ids of the run, and no task in the first turn', async () => {
    const { userMessage, request, taskId, contextId, task: none, referenceTasks } = await contextOf({});
    expect({ taskId, contextId, none, referenceTasks }).toEqual({ ...IDS, none: undefined, referenceTasks: undefined });
    expect(userMessage).toMatchObject({ ...IDS, role: 1, parts: [{ content: { $case: 'text', value: 'hi' } }] });
    expect(request.message).toBe(userMessage);
  });

  it('has the caller as the user', async () => {
    const { context } = await contextOf({
      caller: { ...caller, claims: { role: 'buyer' } },
      activatedExtensions: ['urn:x'],
    });
    expect(context).toMatchObject({
      tenant: 'acme',
      requestedVersion: '1.0',
      requestedExtensions: ['urn:x'],
      user: { isAuthenticated: true, userName: 'alice', claims: { role: 'buyer' } },
    });
    context.addActivatedExtension('urn:x');
    expect(context.activatedExtensions).toEqual(['urn:x']);
    const anonymous = await contextOf({ caller: { ...caller, owner: 'anonymous', tenant: '' } });
    expect(anonymous.context.user).toEqual({ isAuthenticated: false, userName: '' });
  });

  it('can be built by the application', async () => {
    const callContext: AdaptOptions['callContext'] = ({ user }, { caller: { owner } }) => ({ user, who: owner });
    expect((await contextOf({ caller }, { callContext })).context).toMatchObject({ who: 'alice' });
  });

  it('shows a follow-up the task as it waited, and publishing it again says nothing', async () => {
    const question = { messageId: 'q', role: 'ROLE_AGENT' as const, parts: [{ text: 'which?' }] };
    const answer = { messageId: 'm-1', role: 'ROLE_USER' as const, parts: [{ text: 'hi' }] };
    const currentTask = {
      id: IDS.taskId,
      contextId: IDS.contextId,
      status: { state: 'TASK_STATE_WORKING' as const, timestamp: '2026-01-02T03:04:05.000Z' },
      history: [question, answer],
      artifacts: [{ artifactId: 'a', parts: [{ text: 'x' }] }],
    };
    let shown: Task | undefined;
    const { sink } = await ran(
      (context, bus) => {
        shown = context.task!;
        bus.publish(AgentEvent.task(shown));
        shown.artifacts.push({ ...shown.artifacts[0]!, artifactId: 'b' });
        bus.publish(AgentEvent.task(shown));
      },
      { turn: 2, currentTask, previousState: 'TASK_STATE_INPUT_REQUIRED' },
    );
    expect(shown?.status).toMatchObject({ state: TaskState.TASK_STATE_INPUT_REQUIRED, message: { messageId: 'q' } });
    expect(sink.events).toMatchObject([{ artifactUpdate: { artifact: { artifactId: 'b' } } }]);
  });
});

describe('stopping an adapted executor', () => {
  it('on cancel: cancelTask gets the bus of the run, and execute may end in its own words', async () => {
    const canceled = new Set<string>();
    const run = agentRun();
    const buses: unknown[] = [];
    const agent = adapted(
      async ({ taskId }, bus) => {
        buses.push(bus);
        while (!canceled.has(taskId)) await new Promise((resolve) => setTimeout(resolve, 1));
        bus.publish(state(TaskState.TASK_STATE_CANCELED, messageOf('stopped', IDS)));
      },
      async (taskId, bus) => {
        buses.push(bus);
        canceled.add(taskId);
      },
    );
    const done = agent.execute(run.context, run.updater);
    run.abort.abort(new RunAborted('canceled'));
    await agent.cancel(run.context, run.updater);
    await done;
    expect(buses[0]).toBe(buses[1]);
    expect(run.sink.brief).toEqual(['CANCELED']);
  });

  it('on cancel: cancelTask may end the task while execute goes on', async () => {
    const run = agentRun();
    const agent = adapted(
      () => new Promise<void>(() => {}),
      async (_taskId, bus) => bus.publish(state(TaskState.TASK_STATE_CANCELED)),
    );
    void agent.execute(run.context, run.updater);
    await agent.cancel(run.context, run.updater);
    expect(run.sink.brief).toEqual(['CANCELED']);
  });

  it.each(['deadline', 'drain', 'lost-ownership'] as const)(
    'for another reason (%s): what it then publishes has no effect',
    async (why) => {
      const run = agentRun();
      const told: string[] = [];
      const agent = adapted(
        () => new Promise<void>(() => {}),
        async (taskId, bus) => {
          bus.publish(state(TaskState.TASK_STATE_CANCELED));
          told.push(taskId);
        },
      );
      void agent.execute(run.context, run.updater);
      run.abort.abort(new RunAborted(why));
      await new Promise((resolve) => setImmediate(resolve));
      expect(told).toEqual(['task-1']);
      expect(run.sink.events).toEqual([]);
    },
  );

  it('has nothing to cancel when the task is not run here', async () => {
    const cancelTask = jest.fn(async () => {});
    const run = agentRun();
    await adapted(() => {}, cancelTask).cancel(run.context, run.updater);
    expect(cancelTask).not.toHaveBeenCalled();
  });
});
