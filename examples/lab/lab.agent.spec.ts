import { describe, expect, it } from '@jest/globals';
import { setImmediate as nextLoop } from 'node:timers/promises';
import { type Message, RunAborted } from '../../src/index.js';
import { type AgentRun, agentRun } from '../../src/testing/index.js';
import { labChunk } from './lab-chunk.js';
import { LAB_USAGE } from './lab-command.js';
import { LabAgent } from './lab.agent.js';

const user = (text: string): Message => ({ messageId: text, role: 'ROLE_USER', parts: [{ text }] });
const told = (text: string): AgentRun => agentRun({ message: user(text) });
const execute = ({ context, updater }: AgentRun): Promise<void> => new LabAgent().execute(context, updater);

function followUp(first: string, answer: string): AgentRun {
  const question: Message = { messageId: 'q', role: 'ROLE_AGENT', parts: [{ text: '?' }] };
  const history = [user(first), question, user(answer)];
  const status = { state: 'TASK_STATE_WORKING' } as const;
  return agentRun({
    turn: 2,
    message: user(answer),
    currentTask: { id: 'task-1', contextId: 'context-1', status, history },
  });
}

describe('LabAgent', () => {
  it.each([
    ['echo hello there', ['hello there', 'COMPLETED']],
    ['sleep 1', ['WORKING', 'COMPLETED']],
    ['ask', ['INPUT_REQUIRED']],
    ['auth', ['AUTH_REQUIRED']],
    ['fail', ['FAILED']],
    ['reject', ['REJECTED']],
    ['big 20', [labChunk(0, 20), 'COMPLETED']],
  ])('%s', async (text, events) => {
    const run = told(text);
    await execute(run);
    expect(run.sink.brief).toEqual(events);
  });

  it('streams the chunks of one artifact: the first makes it, the last closes it', async () => {
    const run = told('stream 3 20');
    await execute(run);
    expect(run.sink.brief).toEqual([
      'WORKING',
      labChunk(0, 20),
      `+${labChunk(1, 20)}`,
      `+${labChunk(2, 20)}`,
      'COMPLETED',
    ]);
    const closed = run.sink.events.flatMap((event) =>
      'artifactUpdate' in event ? [event.artifactUpdate.lastChunk ?? false] : [],
    );
    expect(closed).toEqual([false, false, true]);
  });

  it('goes on behind the chunks of an earlier attempt', async () => {
    const parts = [{ text: labChunk(0, 20) }, { text: labChunk(1, 20) }];
    const run = agentRun({
      attempt: 2,
      message: user('stream 3 20'),
      currentTask: {
        id: 'task-1',
        contextId: 'context-1',
        status: { state: 'TASK_STATE_WORKING' },
        artifacts: [{ artifactId: 'stream', parts }],
      },
    });
    await execute(run);
    expect(run.sink.brief).toEqual([`+${labChunk(2, 20)}`, 'COMPLETED']);
  });

  it('lives on when it has died often enough', async () => {
    const run = agentRun({ attempt: 3, message: user('die 2') });
    await execute(run);
    expect(run.sink.brief).toEqual(['alive at attempt 3', 'COMPLETED']);
  });

  it('makes and closes the artifact of a single chunk at once', async () => {
    const run = told('stream 1 8 10');
    await execute(run);
    expect(run.sink.events[1]).toMatchObject({ artifactUpdate: { lastChunk: true } });
    expect(run.sink.events[1]).not.toHaveProperty('artifactUpdate.append');
  });

  it('lets other work go on during a long stream', async () => {
    const run = told('stream 1000 8');
    let done = false;
    const running = execute(run).then(() => (done = true));
    await nextLoop();
    expect(done).toBe(false);
    await running;
    expect(run.sink.events).toHaveLength(1002);
  });

  it.each(['stream 1000 8 60000', 'stream 1000000 8', 'sleep 60000'])('ends %s when it is aborted', async (text) => {
    const run = told(text);
    const running = execute(run);
    await nextLoop();
    run.abort.abort(new RunAborted('canceled'));
    await expect(running).rejects.toThrow(/abort/);
    expect(run.updater.ended).toBe(false);
  });

  it('completes with the answer to ask', async () => {
    const run = followUp('ask', '42');
    await execute(run);
    expect(run.sink.brief).toEqual(['42', 'COMPLETED']);
  });

  it('takes the answer for an answer, also when it is a command', async () => {
    const run = followUp('ask', 'fail');
    await execute(run);
    expect(run.sink.brief).toEqual(['fail', 'COMPLETED']);
  });

  it('completes when a follow-up says that the task is authorized', async () => {
    const run = followUp('auth', 'done');
    await execute(run);
    expect(run.sink.brief).toEqual(['COMPLETED']);
  });

  it('throws', async () => {
    await expect(execute(told('throw'))).rejects.toThrow('as asked');
  });

  it('sends more after its end, and then once more', async () => {
    const run = told('late');
    await expect(execute(run)).rejects.toThrow('takes no more events');
    expect(run.sink.brief).toEqual(['COMPLETED']);
  });

  it('hangs, also when it is aborted', async () => {
    const run = told('hang');
    let ended = false;
    void execute(run).finally(() => (ended = true));
    run.abort.abort(new RunAborted('canceled'));
    await nextLoop();
    await nextLoop();
    expect(ended).toBe(false);
    expect(run.sink.brief).toEqual(['WORKING']);
  });

  it('fails with its usage on anything else', async () => {
    const run = told('what can you do?');
    await execute(run);
    expect(run.sink.events).toMatchObject([
      { statusUpdate: { status: { state: 'TASK_STATE_FAILED', message: { parts: [{ text: LAB_USAGE }] } } } },
    ]);
  });
});
