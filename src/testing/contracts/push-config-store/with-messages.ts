import { expect, it } from '@jest/globals';
import { begin, beginInterrupted, caller, HOUR, incoming, newTask, pushConfig, status } from '../fixtures.js';
import type { Subject } from '../open-suite.js';
import { idsOf, owed } from './support.js';

export function withMessages(subject: Subject): void {
  it('is stored with the task that a message makes, and owed that task', async () => {
    const context = caller();
    const config = pushConfig('a', { token: 't', authentication: { scheme: 'Bearer', credentials: 'c' } });
    const writer = await begin(subject(), context, { pushConfigs: [config] });
    const { taskId } = writer.run;
    expect((await subject().pushConfigs.list(context, taskId))?.configs).toStrictEqual([config]);
    await writer.write(status('TASK_STATE_COMPLETED'));
    const [first] = (await subject().outbox.take(1000, HOUR)).filter(({ event }) => event.taskId === taskId);
    expect(first).toMatchObject({ config, event: { kind: 'task', seq: 1, state: 'TASK_STATE_SUBMITTED' } });
    await subject().outbox.complete([first?.id ?? '']);
    expect(await owed(subject, taskId)).toEqual([['a', 2]]);
  });

  it('is not stored by a message that made a task before', async () => {
    const context = caller();
    const task = newTask();
    await subject().tasks.create(context, task);
    const again = newTask({ messageId: task.messageId, pushConfigs: [pushConfig('a')] });
    expect(await subject().tasks.create(context, again)).toMatchObject({ created: false });
    expect(await idsOf(subject, context, task.taskId)).toEqual([]);
    expect(await idsOf(subject, context, again.taskId)).toBeUndefined();
  });

  it('is stored with a message that waits, and only if it does', async () => {
    const { inbox } = subject();
    const context = caller();
    const writer = await beginInterrupted(subject(), context);
    const { taskId } = writer.run;
    const put = (messageId: string, id: string, limit = 5) =>
      inbox.put(context, taskId, incoming('x', { messageId }), 'd', 2, {
        pushConfig: { config: pushConfig(id), limit },
      });
    expect(await put('m1', 'a')).toMatchObject({ result: 'queued' });
    expect(await put('m1', 'b')).toMatchObject({ result: 'duplicate' });
    expect(await put('m2', 'b', 1)).toEqual({ result: 'configs-full' });
    expect(await put('m2', 'b')).toMatchObject({ result: 'queued' });
    expect(await put('m3', 'c')).toEqual({ result: 'full' });
    expect(await idsOf(subject, context, taskId)).toEqual(['a', 'b']);
    await writer.write(status('TASK_STATE_CANCELED'));
    expect(await put('m4', 'c')).toEqual({ result: 'terminal' });
    expect(await idsOf(subject, context, taskId)).toEqual(['a', 'b']);
    expect(await owed(subject, taskId)).toEqual([
      ['a', 3],
      ['b', 3],
    ]);
  });
}
