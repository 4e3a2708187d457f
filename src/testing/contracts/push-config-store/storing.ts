import { expect, it } from '@jest/globals';
import type { PushConfig } from '../../../tasks/push-config-store.interface.js';
import { HOUR, pushConfig, status } from '../fixtures.js';
import { type Subject, withPeer } from '../open-suite.js';
import { artifact, idsOf, owed, running } from './support.js';

export function storing(subject: Subject): void {
  it('gives back what was stored, and another object each time', async () => {
    const { context, taskId } = await running(subject);
    const configs: PushConfig[] = [
      pushConfig('plain'),
      pushConfig('ü/ 1"{},', {
        url: 'https://example.invalid/ü?a=b#c',
        token: 'to"ken',
        authentication: { scheme: 'Bearer', credentials: 's', schemes: ['Digest', 'Bearer'] },
        wireVersion: '0.3',
      }),
      pushConfig('no credentials', { token: '', authentication: { scheme: 'Basic' } }),
    ];
    for (const config of configs) {
      expect(await subject().pushConfigs.put(context, taskId, config, 10)).toBe('stored');
      const read = await subject().pushConfigs.get(context, taskId, config.id);
      expect(read).toStrictEqual(config);
      Object.assign(read ?? {}, { url: 'changed' });
      expect(await subject().pushConfigs.get(context, taskId, config.id)).toStrictEqual(config);
    }
    expect(await subject().pushConfigs.get(context, taskId, 'other')).toBeUndefined();
  });

  it('replaces the config with the same id, in its place and with what it is owed', async () => {
    const { context, writer, taskId } = await running(subject);
    for (const id of ['a', 'b']) await subject().pushConfigs.put(context, taskId, pushConfig(id, { token: 't' }), 10);
    await writer.write(artifact('x'));
    const replaced = pushConfig('a', { url: 'https://new.invalid/' });
    expect(await subject().pushConfigs.put(context, taskId, replaced, 10)).toBe('stored');
    expect((await subject().pushConfigs.list(context, taskId))?.configs).toStrictEqual([
      replaced,
      pushConfig('b', { token: 't' }),
    ]);
    await writer.write(artifact('y'));
    const entries = await subject().outbox.take(1000, HOUR);
    expect(entries.filter(({ event, config }) => event.taskId === taskId && config.id === 'a')).toMatchObject([
      { event: { seq: 2 }, config: replaced },
    ]);
  });

  it('takes no more than the limit, but replaces at the limit', async () => {
    const { context, taskId } = await running(subject);
    const put = (id: string) => subject().pushConfigs.put(context, taskId, pushConfig(id), 2);
    expect([await put('a'), await put('b'), await put('c'), await put('a')]).toEqual([
      'stored',
      'stored',
      'full',
      'stored',
    ]);
    expect(await subject().pushConfigs.get(context, taskId, 'c')).toBeUndefined();
    await subject().pushConfigs.delete(context, taskId, 'a');
    expect(await put('c')).toBe('stored');
  });

  it('keeps to the limit when many arrive at once, on two processes', async () => {
    const { context, taskId } = await running(subject);
    await withPeer(subject(), async (peer) => {
      const puts = Array.from({ length: 12 }, (_, n) =>
        (n % 2 === 0 ? subject() : peer).pushConfigs.put(context, taskId, pushConfig(`c${n}`), 5),
      );
      expect((await Promise.all(puts)).filter((result) => result === 'stored')).toHaveLength(5);
    });
    expect(await idsOf(subject, context, taskId)).toHaveLength(5);
  });

  it('owes each event that is appended later to each config, and none of before', async () => {
    const { context, writer, taskId } = await running(subject);
    await writer.write(artifact('before'));
    await subject().pushConfigs.put(context, taskId, pushConfig('a'), 10);
    await writer.write(artifact('x'));
    expect(await owed(subject, taskId)).toEqual([['a', 3]]);
    await subject().pushConfigs.put(context, taskId, pushConfig('b'), 10);
    await writer.write(status('TASK_STATE_COMPLETED'));
    expect(await owed(subject, taskId)).toEqual([['b', 4]]);
  });

  it('can be done to a task that has ended', async () => {
    const { context, writer, taskId } = await running(subject);
    await writer.write(status('TASK_STATE_COMPLETED'));
    expect(await subject().pushConfigs.put(context, taskId, pushConfig('a'), 10)).toBe('stored');
    expect(await idsOf(subject, context, taskId)).toEqual(['a']);
    expect(await owed(subject, taskId)).toEqual([]);
  });
}
