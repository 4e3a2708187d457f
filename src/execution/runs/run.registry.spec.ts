import { describe, expect, it, jest } from '@jest/globals';
import { Gate } from '../../../test/support/agent-of.js';
import { RunAborted } from '../../agents/agent-executor.interface.js';
import type { ActiveRun } from './active-run.js';
import { RunRegistry } from './run.registry.js';

/** A run that ends when its gate opens. */
function run(taskId: string, gate = new Gate()) {
  const stop = jest.fn();
  return { active: { taskId, run: () => gate.opened, stop } as unknown as ActiveRun, gate, stop };
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
