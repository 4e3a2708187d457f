import { expect, it } from '@jest/globals';
import { handlerConfig } from '../../../tasks/handler-config.js';
import { begin, caller, HOUR, pushConfig, status } from '../fixtures.js';
import type { Subject } from '../open-suite.js';
import { artifact, idsOf, owed } from './support.js';

const handler = handlerConfig('Mails.send');

export function handlers(subject: Subject): void {
  it('owes handlers what it owes webhooks, and hides them from callers', async () => {
    const context = caller();
    const configs = [pushConfig('a'), handler, handlerConfig('Bills.write')];
    const { run, ...writer } = await begin(subject(), context, { pushConfigs: configs });
    const { taskId } = run;
    expect(writer.lastSeq).toBe(1);
    const { pushConfigs } = subject();
    expect(await idsOf(subject, context, taskId)).toEqual(['a']);
    expect((await pushConfigs.list(context, taskId, { pageSize: 1 }))?.nextPageToken).toBe('');
    expect(await pushConfigs.get(context, taskId, handler.id)).toBeUndefined();
    expect(await pushConfigs.delete(context, taskId, handler.id)).toBe(true);
    const taken = (await subject().outbox.take(1000, HOUR)).filter(({ event }) => event.taskId === taskId);
    expect(taken.every(({ event }) => event.seq === 1)).toBe(true);
    expect(new Map(taken.map(({ config }) => [config.id, config]))).toEqual(
      new Map(configs.map((config) => [config.id, config])),
    );
  });

  it('counts no handler towards the limits of callers', async () => {
    const context = caller();
    const writer = await begin(subject(), context, { pushConfigs: [handler] });
    const { taskId } = writer.run;
    const { pushConfigs } = subject();
    const count = (): Promise<number> => pushConfigs.countOf(context.owner, 100);
    expect(await count()).toBe(0);
    const put = (id: string) => pushConfigs.put(context, taskId, pushConfig(id), 1);
    expect([await put('a'), await put('b'), await count()]).toEqual(['stored', 'full', 1]);
    await pushConfigs.delete(context, taskId, 'a');
    expect(await count()).toBe(0);
    await put('b');
    await writer.write(status('TASK_STATE_COMPLETED'));
    expect(await count()).toBe(0);
    expect(await owed(subject, taskId)).toEqual([
      ['b', 2],
      [handler.id, 1],
    ]);
  });

  it('shows no disabled handler', async () => {
    const context = caller();
    const writer = await begin(subject(), context, { pushConfigs: [handler] });
    const { taskId } = writer.run;
    await subject().pushConfigs.disable(taskId, handler.id, 'stopped by an operator');
    await subject().pushConfigs.put(context, taskId, pushConfig('a'), 10);
    await writer.write(artifact('x'));
    expect(await owed(subject, taskId)).toEqual([['a', 2]]);
    expect(await subject().pushConfigs.disabled(context, taskId)).toBeUndefined();
    expect(await subject().pushConfigs.disabled(context, taskId, handler.id)).toBeUndefined();
  });
}
