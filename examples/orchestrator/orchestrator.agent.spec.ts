import { afterEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { RunAborted, type Task } from '../../src/index.js';
import { A2aClient } from '../../src/client/index.js';
import { AgentBench, inTurn } from '../../src/client/testing/agent-bench.js';
import { chunk, reply, status, task } from '../../src/client/testing/events.js';
import { failure, NUMBERED, result, type Script, stream } from '../../src/client/testing/scripted-agent.js';
import { agentRun, type AgentRun } from '../../src/testing/index.js';
import { OrchestratorAgent } from './orchestrator.agent.js';
import { WORKER_TASK } from './worker.relay.js';

Logger.overrideLogger(false);
const bench = new AgentBench();
afterEach(() => bench.close());

async function run(script: Script, fields: Parameters<typeof agentRun>[0] = {}): Promise<AgentRun> {
  const worker: A2aClient = await bench.serve(script, { capabilities: NUMBERED });
  const made = agentRun(fields);
  await new OrchestratorAgent(worker).execute(made.context, made.updater);
  return made;
}

describe('OrchestratorAgent', () => {
  it('passes the chunks of the worker on, and its end', async () => {
    const { sink } = await run((call) =>
      stream(
        call,
        [
          task('TASK_STATE_SUBMITTED'),
          status('TASK_STATE_WORKING'),
          chunk('a'),
          chunk('b'),
          status('TASK_STATE_COMPLETED'),
        ],
        { from: 1 },
      ),
    );
    expect(sink.brief).toEqual(['WORKING', '+a', '+b', 'COMPLETED']);
    expect(sink.events[0]).toMatchObject({ statusUpdate: { metadata: { [WORKER_TASK]: 't' } } });
  });

  it('replaces what it had when it is given the task anew', async () => {
    const { sink } = await run(
      inTurn(
        (call) => stream(call, [task('TASK_STATE_WORKING'), chunk('a')], { from: 1, then: 'cut' }),
        (call) => stream(call, [task('TASK_STATE_COMPLETED', ['a', 'b'])], { from: 9 }),
      ),
    );
    expect(sink.brief).toEqual(['WORKING', '+a', 'ab', 'COMPLETED']);
  });

  it('sends the message of a turn under the same id each time, with the task that it goes on with', async () => {
    const currentTask = {
      id: 'task-1',
      contextId: 'c',
      status: { state: 'TASK_STATE_WORKING' },
      metadata: { [WORKER_TASK]: 't' },
    } as Task;
    await run((call) => stream(call, [task('TASK_STATE_COMPLETED')], { from: 1 }), { turn: 2, currentTask });
    expect(bench.agent.calls[0]?.rpc.params.message).toMatchObject({
      messageId: 'task-1-2',
      taskId: 't',
      parts: [{ text: 'hi' }],
    });
  });

  it.each([
    ['TASK_STATE_FAILED', 'FAILED'],
    ['TASK_STATE_REJECTED', 'REJECTED'],
    ['TASK_STATE_CANCELED', 'FAILED'],
    ['TASK_STATE_INPUT_REQUIRED', 'INPUT_REQUIRED'],
  ] as const)('makes of %s %s', async (state, brief) => {
    const { sink } = await run((call) => stream(call, [task('TASK_STATE_WORKING'), status(state)], { from: 1 }));
    expect(sink.brief.at(-1)).toBe(brief);
  });

  it('makes an artifact of a worker that answers with a Message', async () => {
    const { sink } = await run((call) => stream(call, [reply('hello')]));
    expect(sink.brief).toEqual(['hello', 'COMPLETED']);
  });

  it('says that the worker refused, but not with its words', async () => {
    const { sink } = await run((call) => failure(call, -32602, 'your key is hunter2'));
    expect(sink.brief).toEqual(['FAILED']);
    expect(JSON.stringify(sink.events)).toContain('WORKER_REFUSED');
    expect(JSON.stringify(sink.events)).not.toContain('hunter2');
  });

  it.each([
    ['canceled', ['SendStreamingMessage', 'CancelTask']],
    ['deadline', ['SendStreamingMessage', 'CancelTask']],
    ['drain', ['SendStreamingMessage']],
    ['lost-ownership', ['SendStreamingMessage']],
  ] as const)('when it is aborted (%s) asks the worker for %j', async (why, methods) => {
    const worker = await bench.serve(
      (call) =>
        call.rpc.method === 'CancelTask'
          ? result(call, task('TASK_STATE_CANCELED').task)
          : stream(call, [task('TASK_STATE_WORKING')], { from: 1, then: 'hang' }),
      { capabilities: NUMBERED },
    );
    const { context, updater, abort, sink } = agentRun();
    const running = new OrchestratorAgent(worker).execute(context, updater);
    while (sink.events.length === 0) await new Promise((resolve) => setImmediate(resolve));
    abort.abort(new RunAborted(why));
    await expect(running).rejects.toBeInstanceOf(RunAborted);
    expect(bench.agent.methods).toEqual(methods);
  });
});
