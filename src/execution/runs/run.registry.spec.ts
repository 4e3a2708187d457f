import { describe, expect, it, jest } from '@jest/globals';
import { Gate } from '../../../test/support/agent-of.js';
import { RunAborted } from '../../agents/agent-executor.interface.js';
import type { ActiveRun } from './active-run.js';
import { RunRegistry } from './run.registry.js';

/** A run that ends when its gate opens. */
function run(taskId: string, gate = new Gate(), fence = 1, lost = false) {
  const stop = jest.fn();
  return { active: { taskId, ref: { fence }, lost, run: () => gate.opened, stop } as unknown as ActiveRun, gate, stop };
}

/** A run that has ended. */
async function ended(registry: RunRegistry, taskId: string, fence: number, lost: boolean): Promise<void> {
  const { active, gate } = run(taskId, new Gate(), fence, lost);
  registry.start(active);
  gate.open();
  await turn();
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('RunRegistry', () => {
  it('holds a run while it runs', async () => {
    const registry = new RunRegistry();
    const { active, gate } = run('a');
    registry.start(active);
    expect([registry.size, registry.get('a'), registry.all()]).toEqual([1, active, [active]]);
    gate.open();
    expect(await registry.idle(1000)).toBe(true);
    expect([registry.size, registry.get('a'), registry.all()]).toEqual([0, undefined, []]);
  });

  it('knows what runs, and what was lost', async () => {
    const registry = new RunRegistry();
    expect(registry.wasStarted('a', 1)).toBe(false);
    const { active, gate } = run('a');
    registry.start(active);
    expect(registry.wasStarted('a', 1)).toBe(true);
    gate.open();
    await turn();
    await ended(registry, 'b', 1, true);
    expect([registry.wasStarted('a', 1), registry.wasStarted('b', 1)]).toEqual([false, true]);
    await ended(registry, 'b', 2, false);
    expect(registry.wasStarted('b', 1)).toBe(false);
  });

  it('tells a run that was lost from a later claim that was never started, by the fence', async () => {
    const registry = new RunRegistry();
    const first = run('a', new Gate(), 1, true);
    registry.start(first.active);
    registry.start(run('a', new Gate(), 3).active);
    expect([registry.wasStarted('a', 2), registry.wasStarted('a', 3)]).toEqual([false, true]);
    first.gate.open();
    await turn();
    expect([1, 2, 3].map((fence) => registry.wasStarted('a', fence))).toEqual([true, false, true]);
  });

  it('remembers no more than the last 10,000 that were lost', async () => {
    const registry = new RunRegistry();
    const gate = new Gate();
    for (let n = 0; n <= 10_000; n++) registry.start(run(`${n}`, gate, 1, true).active);
    gate.open();
    await registry.idle(10_000);
    expect(['0', '1', '10000'].map((id) => registry.wasStarted(id, 1))).toEqual([false, true, true]);
  });

  it('does not forget the next run of a task when the last one ends after it began', async () => {
    const registry = new RunRegistry();
    const [last, next] = [run('a'), run('a')];
    registry.start(last.active);
    registry.start(next.active);
    last.gate.open();
    await turn();
    expect(registry.get('a')).toBe(next.active);
    expect(registry.size).toBe(1);
    next.gate.open();
    expect(await registry.idle(1000)).toBe(true);
  });

  it('is idle at once when nothing runs, and not idle when the time is up first', async () => {
    const registry = new RunRegistry();
    expect(await registry.idle(0)).toBe(true);
    const { active, gate } = run('a');
    registry.start(active);
    expect(await registry.idle(5)).toBe(false);
    gate.open();
    expect(await registry.idle(1000)).toBe(true);
  });

  it('waits for runs that begin while it waits', async () => {
    const registry = new RunRegistry();
    const [first, second] = [run('a'), run('b')];
    registry.start(first.active);
    let idle = false;
    const waiting = registry.idle(10_000).then((result) => (idle = result));
    registry.start(second.active);
    first.gate.open();
    await turn();
    expect(idle).toBe(false);
    second.gate.open();
    await waiting;
    expect(idle).toBe(true);
  });

  it('is idle although a run rejects', async () => {
    const registry = new RunRegistry();
    registry.start({ taskId: 'a', run: () => Promise.reject(new Error('x')) } as unknown as ActiveRun);
    expect(await registry.idle(1000)).toBe(true);
    expect(registry.size).toBe(0);
  });

  it('holds work without a task, too, and aborts it at a shutdown only', async () => {
    const registry = new RunRegistry();
    const [work, abort] = [new Gate(), new AbortController()];
    const { active, gate, stop } = run('a');
    registry.start(active);
    registry.hold(work.opened, abort);
    expect(registry.size).toBe(2);
    registry.stop('lost-ownership');
    expect(abort.signal.aborted).toBe(false);
    registry.stop('drain');
    expect(abort.signal.reason).toBeInstanceOf(RunAborted);
    expect(stop.mock.calls).toEqual([['lost-ownership'], ['drain']]);
    gate.open();
    expect(await registry.idle(5)).toBe(false);
    work.open();
    expect(await registry.idle(1000)).toBe(true);
  });
});
