import { afterEach, describe, expect, it } from '@jest/globals';
import { A2AClientConnectionError } from '../errors/client.errors.js';
import { AgentBench, inTurn } from '../testing/agent-bench.js';
import { all, chunk, status, task } from '../testing/events.js';
import { NUMBERED, failure, result, stream } from '../testing/scripted-agent.js';
const bench = new AgentBench();
afterEach(() => bench.close());

const numbered = { capabilities: NUMBERED };
const WORKING = 'TASK_STATE_WORKING';
const COMPLETED = 'TASK_STATE_COMPLETED';
describe('a stream from a server that numbers its events', () => {
  it('goes on after the last event that came, as often as it takes', async () => {
    const target = await bench.serve(
      inTurn(
        (call) => stream(call, [task(WORKING), chunk('a')], { from: 1, then: 'cut' }),
        () => 'cut',
        (call) => stream(call, [chunk('b')], { from: 3, then: 'cut' }),
        (call) => stream(call, [chunk('c'), status(COMPLETED)], { from: 4 }),
      ),
      numbered,
    );
    const events = target.sendStreamingMessage('go');
    expect(await all(events)).toEqual([task(WORKING), chunk('a'), chunk('b'), chunk('c'), status(COMPLETED)]);
    expect(bench.agent.methods).toEqual([
      'SendStreamingMessage',
      'SubscribeToTask',
      'SubscribeToTask',
      'SubscribeToTask',
    ]);
    expect(bench.lastEventIds).toEqual([undefined, '2', '2', '3']);
    expect([events.taskId, events.lastSeq, events.reconnects]).toEqual(['t', 5, 3]);
  });

  it('gives no event twice, also when the server sends it twice', async () => {
    const target = await bench.serve(
      inTurn(
        (call) => stream(call, [task(WORKING), chunk('a'), chunk('b')], { from: 1, then: 'cut' }),
        (call) => stream(call, [chunk('a'), chunk('b'), status(COMPLETED)], { from: 2 }),
      ),
      numbered,
    );
    expect(await all(target.sendStreamingMessage('go'))).toEqual([
      task(WORKING),
      chunk('a'),
      chunk('b'),
      status(COMPLETED),
    ]);
  });

  it('comes back for events that were left out, and gives up when they stay away', async () => {
    const target = await bench.serve(
      inTurn(
        (call) => stream(call, [task(WORKING)], { from: 1, then: 'cut' }),
        (call) => stream(call, [chunk('late')], { from: 3 }),
      ),
      numbered,
      { limits: { attempts: 2 } },
    );
    await expect(all(target.sendStreamingMessage('go'))).rejects.toThrow('Event 3 came after event 1');
    expect(bench.lastEventIds).toEqual([undefined, '1', '1']);
  });

  it('takes a Task in mid-stream for all before it', async () => {
    const target = await bench.serve(
      inTurn(
        (call) => stream(call, [task(WORKING), chunk('a')], { from: 1, then: 'cut' }),
        (call) => stream(call, [task(WORKING, ['a', 'b', 'c']), status(COMPLETED)], { from: 9 }),
      ),
      numbered,
    );
    const events = target.sendStreamingMessage('go');
    expect(await events.result()).toEqual(task(COMPLETED, ['a', 'b', 'c']));
    expect(events.lastSeq).toBe(10);
  });

  it('is not over when it ends before its task', async () => {
    const target = await bench.serve(
      inTurn(
        (call) => stream(call, [task(WORKING)], { from: 1 }),
        (call) => stream(call, [status(COMPLETED)], { from: 2 }),
      ),
      numbered,
    );
    expect(await all(target.sendStreamingMessage('go'))).toEqual([task(WORKING), status(COMPLETED)]);
  });

  it('is over when its task is, whatever becomes of the connection', async () => {
    const target = await bench.serve(
      (call) => stream(call, [task(WORKING), status(COMPLETED)], { from: 1, then: 'cut' }),
      numbered,
    );
    expect(await all(target.sendStreamingMessage('go'))).toHaveLength(2);
    expect(bench.agent.calls).toHaveLength(1);
  });

  it('of a message ends when the agent asks, also on the subscription that took its place', async () => {
    const target = await bench.serve(
      inTurn(
        (call) => stream(call, [task(WORKING)], { from: 1, then: 'cut' }),
        (call) => stream(call, [status('TASK_STATE_INPUT_REQUIRED')], { from: 2, then: 'hang' }),
      ),
      numbered,
    );
    expect(await all(target.sendStreamingMessage('go'))).toEqual([task(WORKING), status('TASK_STATE_INPUT_REQUIRED')]);
  });

  it('of a subscription goes on when the agent asks', async () => {
    const target = await bench.serve(
      inTurn(
        (call) => stream(call, [task('TASK_STATE_INPUT_REQUIRED')], { from: 1, then: 'cut' }),
        (call) => stream(call, [status(WORKING), status(COMPLETED)], { from: 2 }),
      ),
      numbered,
    );
    expect(await all(target.subscribeToTask({ id: 't' }))).toHaveLength(3);
  });

  it('begins after the event that the reader has', async () => {
    const target = await bench.serve((call) => stream(call, [chunk('c'), status(COMPLETED)], { from: 8 }), numbered);
    expect(await all(target.subscribeToTask({ id: 't' }, { afterSeq: 7 }))).toEqual([chunk('c'), status(COMPLETED)]);
    expect(bench.lastEventIds).toEqual(['7']);
  });

  it('has nothing when the reader has all of a task that has ended', async () => {
    const target = await bench.serve(
      (call) => (call.rpc.method === 'GetTask' ? result(call, task(COMPLETED).task) : stream(call, [])),
      numbered,
    );
    expect(await all(target.subscribeToTask({ id: 't' }, { afterSeq: 7 }))).toEqual([]);
  });

  it('is over at once when the agent says that nothing is left', async () => {
    const target = await bench.serve(() => ({ status: 204 }), numbered);
    expect(await all(target.subscribeToTask({ id: 't' }, { afterSeq: 7 }))).toEqual([]);
    expect(bench.agent.methods).toEqual(['SubscribeToTask']);
  });

  it('does not take an answer without content for the end of a stream that it did not resume', async () => {
    const target = await bench.serve(() => ({ status: 204 }), numbered);
    await expect(all(target.subscribeToTask({ id: 't' }))).rejects.toThrow();
  });

  it('sends a message again whose answer was cut, under the same id, and has its events from the first on', async () => {
    const target = await bench.serve(
      inTurn(
        () => 'cut',
        (call) => stream(call, [task(WORKING), status(COMPLETED)], { from: 1 }),
      ),
      numbered,
    );
    expect(await all(target.sendStreamingMessage('go'))).toHaveLength(2);
    const [first, second] = bench.agent.calls;
    expect(second!.rpc.params).toEqual(first!.rpc.params);
    expect(bench.lastEventIds).toEqual([undefined, '0']);
  });

  it('sends it anew when it had not arrived', async () => {
    const target = await bench.serve(
      inTurn(
        () => 'cut',
        (call) => failure(call, -32602),
        (call) => stream(call, [task(COMPLETED)], { from: 1 }),
      ),
      numbered,
    );
    expect(await all(target.sendStreamingMessage('go'))).toEqual([task(COMPLETED)]);
    expect(bench.lastEventIds).toEqual([undefined, '0', undefined]);
  });

  it('asks for no earlier events than those of its turn', async () => {
    const target = await bench.serve(
      inTurn(
        () => 'cut',
        (call) => stream(call, [task(COMPLETED)], { from: 7 }),
      ),
      numbered,
    );
    const message = { taskId: 't', parts: [{ text: 'more' }] };
    expect(await all(target.sendStreamingMessage({ message }))).toEqual([task(COMPLETED)]);
    expect(bench.lastEventIds).toEqual([undefined, undefined]);
  });

  it('sends no message again where that would run it twice', async () => {
    const [resume] = NUMBERED.extensions;
    const extensions = [{ ...resume!, params: { ...resume!.params, idempotentMessages: false } }];
    const target = await bench.serve(() => 'cut', { capabilities: { streaming: true, extensions } });
    await expect(all(target.sendStreamingMessage('go'))).rejects.toThrow(A2AClientConnectionError);
    expect(bench.agent.calls).toHaveLength(1);
  });

  it('gives up after as many failures in a row as it may have', async () => {
    const target = await bench.serve(
      inTurn(
        (call) => stream(call, [task(WORKING)], { from: 1, then: 'cut' }),
        () => 'cut',
      ),
      numbered,
      { limits: { attempts: 4 } },
    );
    const events = target.sendStreamingMessage('go');
    expect((await events.next()).value).toEqual(task(WORKING));
    await expect(events.next()).rejects.toThrow(A2AClientConnectionError);
    expect(bench.agent.calls).toHaveLength(5);
  });

  it.each([
    ['the task is gone', -32001, 'TASK_NOT_FOUND'],
    ['it may not be read any more', -32043, 'PERMISSION_DENIED'],
  ])('ends with the error when %s', async (_name, code, reason) => {
    const target = await bench.serve(
      inTurn(
        (call) => stream(call, [task(WORKING)], { from: 1, then: 'cut' }),
        (call) => failure(call, code),
      ),
      numbered,
    );
    await expect(all(target.sendStreamingMessage('go'))).rejects.toMatchObject({
      name: 'A2ARemoteError',
      reason,
      code,
    });
  });

  it('goes on after an error that passes', async () => {
    const target = await bench.serve(
      inTurn(
        (call) => stream(call, [task(WORKING)], { from: 1, then: 'cut' }),
        () => ({ status: 503, body: 'down' }),
        (call) => failure(call, -32053),
        (call) => ({
          headers: { 'content-type': 'text/event-stream' },
          body: `event: error\ndata: ${JSON.stringify({ jsonrpc: '2.0', id: call.rpc.id, error: { code: -32603, message: 'oops' } })}\n\n`,
        }),
        (call) => stream(call, [status(COMPLETED)], { from: 2 }),
      ),
      numbered,
    );
    expect(await all(target.sendStreamingMessage('go'))).toHaveLength(2);
    expect(bench.lastEventIds).toEqual([undefined, '1', '1', '1', '1']);
  });

  it('relies on no numbers when something on the way takes them out', async () => {
    const target = await bench.serve(
      inTurn(
        (call) => stream(call, [task(WORKING), chunk('a')], { then: 'cut' }),
        (call) => stream(call, [chunk('c')], { then: 'hang' }),
        (call) => result(call, task(COMPLETED, ['a', 'b', 'c']).task),
      ),
      numbered,
    );
    expect(await all(target.sendStreamingMessage('go'))).toEqual([
      task(WORKING),
      chunk('a'),
      task(COMPLETED, ['a', 'b', 'c']),
    ]);
    expect(bench.lastEventIds).toEqual([undefined, undefined, undefined]);
  });

  it('counts a silent connection as broken', async () => {
    const target = await bench.serve(
      inTurn(
        (call) => stream(call, [task(WORKING)], { from: 1, then: 'hang' }),
        (call) => stream(call, [status(COMPLETED)], { from: 2 }),
      ),
      numbered,
      { limits: { idleTimeoutMs: 500 } },
    );
    expect(await all(target.sendStreamingMessage('go'))).toHaveLength(2);
  });
});
