import { expect, it } from '@jest/globals';
import { newId } from '../../../protocol/ids.js';
import { at, HOUR, pushConfig, status } from '../fixtures.js';
import type { Subject } from '../open-suite.js';
import { artifact, idsOf, owed, running } from './support.js';

export function removing(subject: Subject): void {
  it('takes a config away with all it is owed, and may be repeated', async () => {
    const { context, writer, taskId } = await running(subject);
    for (const id of ['a', 'b']) await subject().pushConfigs.put(context, taskId, pushConfig(id), 10);
    await writer.write(artifact('x'), artifact('y'));
    expect(await subject().pushConfigs.delete(context, taskId, 'a')).toBe(true);
    expect(await subject().pushConfigs.delete(context, taskId, 'a')).toBe(true);
    expect(await subject().pushConfigs.delete(context, taskId, 'never there')).toBe(true);
    await writer.write(status('TASK_STATE_COMPLETED'));
    expect(await idsOf(subject, context, taskId)).toEqual(['b']);
    expect(await owed(subject, taskId)).toEqual([['b', 2]]);
  });

  it('ends what is done with an entry that was taken before', async () => {
    const { context, writer, taskId } = await running(subject);
    await subject().pushConfigs.put(context, taskId, pushConfig('a'), 10);
    await writer.write(artifact('x'));
    const taken = (await subject().outbox.take(1000, HOUR)).filter(({ event }) => event.taskId === taskId);
    await subject().pushConfigs.delete(context, taskId, 'a');
    for (const entry of taken) await subject().outbox.retry(entry, 0);
    expect(await owed(subject, taskId)).toEqual([]);
    await subject().pushConfigs.put(context, taskId, pushConfig('a'), 10);
    expect(await owed(subject, taskId)).toEqual([]);
  });
}

export function disabling(subject: Subject): void {
  it('owes a disabled config nothing, gives up what was owed, and does not show it', async () => {
    const { context, writer, taskId } = await running(subject);
    for (const id of ['a', 'b']) await subject().pushConfigs.put(context, taskId, pushConfig(id), 10);
    await writer.write(artifact('x'), artifact('y'));
    await subject().pushConfigs.disable(taskId, 'a', 'its receiver is gone');
    await writer.write(artifact('z'));
    expect(await subject().pushConfigs.get(context, taskId, 'a')).toBeUndefined();
    expect(await idsOf(subject, context, taskId)).toEqual(['b']);
    expect(await owed(subject, taskId)).toEqual([['b', 2]]);
  });

  it('makes it active again when it is stored again', async () => {
    const { context, writer, taskId } = await running(subject);
    await subject().pushConfigs.put(context, taskId, pushConfig('a'), 1);
    await subject().pushConfigs.disable(taskId, 'a', 'gone');
    await writer.write(artifact('missed'));
    expect(await subject().pushConfigs.put(context, taskId, pushConfig('a'), 1)).toBe('stored');
    await writer.write(artifact('x'));
    expect(await owed(subject, taskId)).toEqual([['a', 3]]);
    expect(await idsOf(subject, context, taskId)).toEqual(['a']);
  });

  it('leaves the place of a disabled config to the next', async () => {
    const { context, taskId } = await running(subject);
    for (const id of ['a', 'b', 'c', 'd']) {
      expect(await subject().pushConfigs.put(context, taskId, pushConfig(id), 1)).toBe('stored');
      await subject().pushConfigs.disable(taskId, id, 'gone');
    }
    expect(await idsOf(subject, context, taskId)).toEqual([]);
  });

  it('tells its owner of a disabled config, until it is deleted or stored again', async () => {
    const { context, writer, taskId } = await running(subject);
    const { pushConfigs, outbox } = subject();
    for (const id of ['a', 'b']) await pushConfigs.put(context, taskId, pushConfig(id), 10);
    await writer.write(artifact('x'), artifact('y'));
    expect(await pushConfigs.disabled(context, taskId)).toBeUndefined();
    await pushConfigs.disable(taskId, 'b', 'an operator wants it');
    expect(await pushConfigs.disabled(context, taskId)).toEqual({ id: 'b', disabledAt: expect.any(String) });
    for (const n of [1, 2]) {
      const [entry] = (await outbox.take(1000, HOUR)).filter(({ event }) => event.taskId === taskId);
      await outbox.retry(entry!, 0, { at: at(n), status: 500 + n, ms: n });
    }
    await pushConfigs.disable(taskId, 'a', 'its receiver is gone');
    const told = await pushConfigs.disabled(context, taskId, 'a');
    expect(told).toEqual({
      ...{ id: 'a', disabledAt: expect.stringMatching(/^\d{4}-.*Z$/), attempts: 2 },
      lastAttempt: { at: at(2), status: 502, ms: 2 },
    });
    expect(['a', 'b']).toContain((await pushConfigs.disabled(context, taskId))?.id);
    expect(await pushConfigs.disabled(context, taskId, 'never there')).toBeUndefined();
    expect(await pushConfigs.disabled(context, newId())).toBeUndefined();
    for (const other of ['owner', 'tenant', 'agent'] as const)
      expect(await pushConfigs.disabled({ ...context, [other]: 'another' }, taskId, 'a')).toBeUndefined();
    await pushConfigs.delete(context, taskId, 'b');
    expect(await pushConfigs.disabled(context, taskId, 'b')).toBeUndefined();
    await pushConfigs.put(context, taskId, pushConfig('a'), 10);
    expect(await pushConfigs.disabled(context, taskId)).toBeUndefined();
  });
}
