import { afterEach, describe, expect, it } from '@jest/globals';
import { A2AClientConnectionError } from '../errors/client.errors.js';
import { AgentBench, inTurn } from '../testing/agent-bench.js';
import { all, chunk, status, task } from '../testing/events.js';
import { failure, result, stream } from '../testing/scripted-agent.js';
const bench = new AgentBench();
afterEach(() => bench.close());
const WORKING = 'TASK_STATE_WORKING';
const COMPLETED = 'TASK_STATE_COMPLETED';
describe('a stream from a server that numbers nothing', () => {
  it('goes on with the Task as it is', async () => {
    const target = await bench.serve(
      inTurn(
        (call) => stream(call, [task(WORKING), chunk('a')], { then: 'cut' }),
        (call) => stream(call, [task(WORKING, ['a', 'b']), chunk('c'), status(COMPLETED)]),
      ),
    );
    const events = target.sendStreamingMessage('go');
    expect(await all(events)).toEqual([
      task(WORKING),
      chunk('a'),
      task(WORKING, ['a', 'b']),
      chunk('c'),
      status(COMPLETED),
    ]);
    expect([events.lastSeq, bench.lastEventIds]).toEqual([undefined, [undefined, undefined]]);
  });

  it('does not show the same Task twice', async () => {
    const target = await bench.serve(
      inTurn(
        (call) => stream(call, [task(WORKING)], { then: 'cut' }),
        (call) => stream(call, [task(WORKING)], { then: 'cut' }),
        (call) => stream(call, [task(WORKING), status(COMPLETED)]),
      ),
    );
    expect(await all(target.sendStreamingMessage('go'))).toEqual([task(WORKING), status(COMPLETED)]);
  });

  it('believes no ids that nobody explained', async () => {
    const target = await bench.serve(
      inTurn(
        (call) => stream(call, [task(WORKING), chunk('a')], { from: 1, then: 'cut' }),
        (call) => stream(call, [task(WORKING, ['a']), status(COMPLETED)], { from: 1 }),
      ),
    );
    expect(await all(target.sendStreamingMessage('go'))).toHaveLength(4);
    expect(bench.lastEventIds).toEqual([undefined, undefined]);
  });

  it('asks for the task when the subscription does not begin with it', async () => {
    const target = await bench.serve(
      inTurn(
        (call) => stream(call, [task(WORKING), chunk('a')], { then: 'cut' }),
        (call) => stream(call, [chunk('c')], { then: 'hang' }),
        (call) => result(call, task(COMPLETED, ['a', 'b', 'c']).task),
      ),
    );
    const events = await all(target.sendStreamingMessage('go'));
    expect(events).toEqual([task(WORKING), chunk('a'), task(COMPLETED, ['a', 'b', 'c'])]);
    expect(bench.agent.methods).toEqual(['SendStreamingMessage', 'SubscribeToTask', 'GetTask']);
  });

  it.each([
    ['the task has ended meanwhile', -32004],
    ['there is no such method', -32601],
  ])('asks for the task when %s', async (_name, code) => {
    const target = await bench.serve(
      inTurn(
        (call) => stream(call, [task(WORKING)], { then: 'cut' }),
        (call) => failure(call, code),
        (call) => result(call, task(COMPLETED, ['x']).task),
      ),
    );
    expect(await all(target.sendStreamingMessage('go'))).toEqual([task(WORKING), task(COMPLETED, ['x'])]);
  });

  it('asks for the task of an agent that sends its readers away', async () => {
    const target = await bench.serve(
      inTurn(
        (call) => stream(call, [task(WORKING)]),
        (call) => stream(call, [task(WORKING)]),
        (call) => result(call, task(COMPLETED).task),
      ),
    );
    expect(await all(target.sendStreamingMessage('go'))).toEqual([task(WORKING), task(COMPLETED)]);
  });

  it('waits for what may follow the end of the task, but not for long', async () => {
    const whole = task(COMPLETED, ['a']);
    const target = await bench.serve((call) =>
      stream(call, [task(WORKING), status(COMPLETED), whole], { then: 'hang' }),
    );
    expect(await all(target.sendStreamingMessage('go'))).toEqual([task(WORKING), status(COMPLETED), whole]);
  });

  it('sends no message again that may have arrived', async () => {
    const target = await bench.serve(() => 'cut');
    await expect(all(target.sendStreamingMessage('go'))).rejects.toThrow(A2AClientConnectionError);
    expect(bench.agent.calls).toHaveLength(1);
  });

  it('subscribes again when the first try fails', async () => {
    const target = await bench.serve(
      inTurn(
        () => 'cut',
        () => ({ status: 502 }),
        (call) => stream(call, [task(COMPLETED)]),
      ),
    );
    expect(await all(target.subscribeToTask({ id: 't' }))).toEqual([task(COMPLETED)]);
  });
});
