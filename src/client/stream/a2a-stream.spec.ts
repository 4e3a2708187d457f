import { afterEach, describe, expect, it } from '@jest/globals';
import {
  A2AClientHTTPError,
  A2AClientInvalidArgsError,
  A2AClientInvalidStateError,
  A2ARemoteError,
} from '../errors/client.errors.js';
import { AgentBench, inTurn } from '../testing/agent-bench.js';
import { all, reply, task } from '../testing/events.js';
import { NUMBERED, failure, result, stream } from '../testing/scripted-agent.js';
const bench = new AgentBench();
afterEach(() => bench.close());

const numbered = { capabilities: NUMBERED };
const WORKING = 'TASK_STATE_WORKING';
const COMPLETED = 'TASK_STATE_COMPLETED';
describe('any stream', () => {
  it('ends with a Message', async () => {
    const target = await bench.serve((call) => stream(call, [reply('hi')]));
    const events = target.sendStreamingMessage('go');
    expect(await events.result()).toEqual(reply('hi'));
    expect(bench.agent.calls).toHaveLength(1);
  });

  it('refuses events of another task', async () => {
    const other = { statusUpdate: { taskId: 'other', contextId: 'c', status: { state: WORKING } } };
    const target = await bench.serve((call) => stream(call, [task(WORKING), other]), numbered);
    await expect(all(target.sendStreamingMessage('go'))).rejects.toThrow(A2AClientInvalidArgsError);
    expect(bench.agent.calls).toHaveLength(1);
  });

  it('refuses a Message after events of a task', async () => {
    const target = await bench.serve((call) => stream(call, [task(WORKING), reply('hi')]));
    await expect(all(target.sendStreamingMessage('go'))).rejects.toThrow(A2AClientInvalidStateError);
  });

  it('passes on an error that comes in its place', async () => {
    const target = await bench.serve((call) => failure(call, -32602, 'Invalid parameters: message.parts is empty'));
    await expect(all(target.sendStreamingMessage('go'))).rejects.toThrow(A2ARemoteError);
    bench.agent.does(() => ({ status: 418, body: '<p>tea</p>' }));
    await expect(all(target.sendStreamingMessage('go'))).rejects.toThrow(A2AClientHTTPError);
  });

  it('takes a single answer for a stream of one event', async () => {
    const target = await bench.serve((call) => result(call, task(COMPLETED)));
    expect(await all(target.sendStreamingMessage('go'))).toEqual([task(COMPLETED)]);
  });

  it('of an agent that does not stream is the answer, and the task when it changes', async () => {
    const target = await bench.serve(
      inTurn(
        (call) => result(call, task(WORKING)),
        (call) => result(call, task(COMPLETED, ['x']).task),
      ),
      { capabilities: {} },
    );
    expect(await all(target.sendStreamingMessage('go'))).toEqual([task(WORKING), task(COMPLETED, ['x'])]);
    expect(bench.agent.methods).toEqual(['SendMessage', 'GetTask']);
  });

  it('sends nothing before its first event is asked for', async () => {
    const target = await bench.serve((call) => stream(call, [task(COMPLETED)]));
    const events = target.sendStreamingMessage('go');
    await target.card();
    expect(bench.agent.calls).toEqual([]);
    await events.return();
    expect(await events.next()).toEqual({ done: true, value: undefined });
    expect(bench.agent.calls).toEqual([]);
  });

  it('can be left while it waits for an event', async () => {
    const target = await bench.serve((call) => stream(call, [task(WORKING)], { from: 1, then: 'hang' }), numbered);
    const events = target.sendStreamingMessage('go');
    await events.next();
    const waiting = expect(events.next()).rejects.toThrow('The stream was left.');
    await events.return();
    await waiting;
    expect(await events.next()).toEqual({ done: true, value: undefined });
  });

  it('rejects with the reason of its signal, wherever it is', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const target = await bench.serve((call) => stream(call, [task(WORKING)], { from: 1, then: 'hang' }), numbered);
    const events = target.sendStreamingMessage('go', { signal: controller.signal });
    await events.next();
    const waiting = events.next();
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await expect(all(target.sendStreamingMessage('go', { signal: controller.signal }))).rejects.toBe(reason);
  });

  it('is broken when its client is closed', async () => {
    const target = await bench.serve((call) => stream(call, [task(WORKING)], { from: 1, then: 'hang' }), numbered);
    const events = target.sendStreamingMessage('go');
    await events.next();
    const waiting = events.next();
    target.close();
    await expect(waiting).rejects.toThrow('The client is closed.');
    await expect(target.getTask({ id: 't' })).rejects.toThrow('The client is closed.');
  });

  it('leaves no listener on a signal that outlives it', async () => {
    const target = await bench.serve((call) => stream(call, [task(COMPLETED)]));
    const controller = new AbortController();
    const listeners = new Set<unknown>();
    const { signal } = controller;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = ((type: 'abort', listener: () => void, options: object) => {
      listeners.add(listener);
      add(type, listener, options);
    }) as typeof signal.addEventListener;
    signal.removeEventListener = ((type: 'abort', listener: () => void) => {
      listeners.delete(listener);
      remove(type, listener);
    }) as typeof signal.removeEventListener;
    await all(target.sendStreamingMessage('go', { signal }));
    await target.sendStreamingMessage('go', { signal }).return();
    for await (const _ of target.sendStreamingMessage('go', { signal })) break;
    expect(listeners.size).toBe(0);
  });
});
