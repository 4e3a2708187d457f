import { expect, it } from '@jest/globals';
import { newId } from '../../../protocol/ids.js';
import { begin, caller, pushConfig, strangersTo } from '../fixtures.js';
import type { Subject } from '../open-suite.js';
import { artifact, owed, running } from './support.js';

export function scoping(subject: Subject): void {
  it('shows strangers nothing and lets them change nothing', async () => {
    const { context, writer, taskId } = await running(subject);
    const config = pushConfig('a', { token: 'secret' });
    await subject().pushConfigs.put(context, taskId, config, 10);
    const { pushConfigs } = subject();
    for (const stranger of strangersTo(context)) {
      expect(await pushConfigs.get(stranger, taskId, 'a')).toBeUndefined();
      expect(await pushConfigs.list(stranger, taskId)).toBeUndefined();
      expect(await pushConfigs.put(stranger, taskId, pushConfig('a'), 10)).toBe('missing');
      expect(await pushConfigs.put(stranger, taskId, pushConfig('b'), 10)).toBe('missing');
      expect(await pushConfigs.delete(stranger, taskId, 'a')).toBe(false);
    }
    expect((await pushConfigs.list(context, taskId))?.configs).toStrictEqual([config]);
    await writer.write(artifact('x'));
    expect(await owed(subject, taskId)).toEqual([['a', 2]]);
  });

  it('keeps the configs of two tasks apart, whatever their ids', async () => {
    const context = caller();
    const [one, two] = [await begin(subject(), context), await begin(subject(), context)];
    const { pushConfigs } = subject();
    await pushConfigs.put(context, one.run.taskId, pushConfig('a', { token: '1' }), 10);
    await pushConfigs.put(context, two.run.taskId, pushConfig('a', { token: '2' }), 10);
    expect(await pushConfigs.get(context, one.run.taskId, 'a')).toMatchObject({ token: '1' });
    await pushConfigs.delete(context, one.run.taskId, 'a');
    expect(await pushConfigs.get(context, two.run.taskId, 'a')).toMatchObject({ token: '2' });
  });

  it('knows no task by an id that is none', async () => {
    const context = caller();
    for (const taskId of [newId(), 'task', '']) {
      expect(await subject().pushConfigs.put(context, taskId, pushConfig('a'), 10)).toBe('missing');
      expect(await subject().pushConfigs.get(context, taskId, 'a')).toBeUndefined();
      expect(await subject().pushConfigs.list(context, taskId)).toBeUndefined();
      expect(await subject().pushConfigs.delete(context, taskId, 'a')).toBe(false);
      await subject().pushConfigs.disable(taskId, 'a', 'x');
    }
  });
}
