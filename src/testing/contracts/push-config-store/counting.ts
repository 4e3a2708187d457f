import { expect, it } from '@jest/globals';
import { begin, caller, pushConfig, status } from '../fixtures.js';
import type { Subject } from '../open-suite.js';

let owners = 0;

export function counting(subject: Subject): void {
  it('counts the active configs of an owner in all tenants, of tasks that have not ended', async () => {
    const { pushConfigs, tasks } = subject();
    const owner = `owner-${++owners}`;
    const [home, acme] = [caller({ owner }), caller({ owner, tenant: 'acme', agent: 'other' })];
    const count = (): Promise<number> => pushConfigs.countOf(owner, 100);
    expect(await count()).toBe(0);
    const one = await begin(subject(), home, { pushConfigs: [pushConfig('first')] });
    const two = await begin(subject(), acme);
    expect(await count()).toBe(1);
    for (const id of ['a', 'b', 'b']) await pushConfigs.put(acme, two.run.taskId, pushConfig(id), 10);
    const stranger = caller({ owner: `${owner}-else` });
    await pushConfigs.put(stranger, (await begin(subject(), stranger)).run.taskId, pushConfig('x'), 10);
    expect(await count()).toBe(3);
    expect(await pushConfigs.countOf(owner, 2)).toBeGreaterThanOrEqual(2);
    await pushConfigs.delete(acme, two.run.taskId, 'a');
    expect(await count()).toBe(2);
    await pushConfigs.disable(two.run.taskId, 'b', 'gone');
    await pushConfigs.disable(two.run.taskId, 'b', 'gone');
    expect(await count()).toBe(1);
    await pushConfigs.put(acme, two.run.taskId, pushConfig('b'), 10);
    expect(await count()).toBe(2);
    await one.write(status('TASK_STATE_COMPLETED'));
    expect(await count()).toBe(1);
    await pushConfigs.delete(home, one.run.taskId, 'first');
    expect(await count()).toBe(1);
    await tasks.delete(acme, two.run.taskId);
    expect(await count()).toBe(0);
  });
}
