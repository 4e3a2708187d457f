import { afterEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { begin, HOUR, pause, pushConfig, status } from '../testing/contracts/fixtures.js';
import { artifact, DELIVERED, FAILED, Latch, setUp, stopAll } from '../../test/support/dispatcher-bench.js';

Logger.overrideLogger(false);
afterEach(stopAll);

describe('the dispatcher of the outbox, with many receivers', () => {
  it('calls nobody who is gone once more, whatever the storage does meanwhile', async () => {
    const { stores, sender, dispatcher, notified, context } = setUp({ pollMs: 10 });
    sender.answer = () => ({ result: 'gone', reason: '410' });
    const writer = await notified('gone');
    await writer.write(...['1', '2', '3'].map(artifact));
    const { disable } = stores.pushConfigs;
    let looks = 0;
    stores.pushConfigs.disable = async (...args) => {
      // Looks of others, before it is stored that the config is disabled.
      while (looks++ < 20) expect(await stores.outbox.take(10, HOUR)).toEqual([]);
      return disable.apply(stores.pushConfigs, args);
    };
    dispatcher.start();
    while ((await stores.pushConfigs.get(context, writer.run.taskId, 'gone')) !== undefined) await pause(5);
    await dispatcher.stop();
    expect(sender.calls).toEqual(['gone:2']);
    expect(await stores.outbox.take(10, HOUR)).toEqual([]);
  });

  it('lets hosts that hang cost nobody else anything, also when all of it was owed before it started', async () => {
    const { sender, dispatcher, notified } = setUp({ pollMs: 10 });
    const latch = new Latch();
    sender.answer = (call) => (call.startsWith('hang') ? latch.opened.then(() => FAILED) : DELIVERED);
    const hanging = Array.from({ length: 50 }, () => notified('hang-1', 'hang-2', 'hang-3', 'hang-4'));
    for (const writer of await Promise.all(hanging)) await writer.write(artifact('1'));
    const others = await Promise.all(Array.from({ length: 20 }, () => notified('ok')));
    for (const writer of others) await writer.write(artifact('1'), artifact('2'));
    dispatcher.start();
    const delivered = (): string[] => sender.calls.filter((call) => call.startsWith('ok'));
    while (delivered().length < 40) await sender.called(sender.calls.length + 1);
    // Two calls of each of the four are all that is under way.
    expect(sender.calls.filter((call) => call.startsWith('hang'))).toHaveLength(8);
    latch.open();
  });

  it('does not call a host that is silent, but tries it again in time', async () => {
    const { stores, sender, dispatcher, notified } = setUp({ pollMs: 10, circuitFailures: 2, circuitOpenMs: 600_000 });
    sender.answer = () => ({ result: 'failed', reason: 'No answer.', unanswered: true });
    const writers = await Promise.all(Array.from({ length: 10 }, () => notified('silent')));
    for (const writer of writers) await writer.write(artifact('1'));
    dispatcher.start();
    await sender.called(2);
    // What was not called counts as tried, and waits.
    while ((await stores.outbox.take(100, 0)).length > 0) await pause(5);
    await dispatcher.stop();
    expect(sender.calls).toHaveLength(2);
  });

  it('keeps to its rates, and sends all of it', async () => {
    const { sender, dispatcher, notified } = setUp({ maxPerHostPerSecond: 5, maxPerOwnerPerSecond: 8 });
    const writers = await Promise.all(Array.from({ length: 9 }, () => notified('a', 'b')));
    for (const writer of writers) await writer.write(artifact('1'));
    const begun = performance.now();
    dispatcher.start();
    await sender.called(18);
    // Eight at once; then eight a second.
    expect(performance.now() - begun).toBeGreaterThan(1_000);
    expect(new Set(sender.calls.slice(0, 5).map((call) => call[0]))).toEqual(new Set(['a', 'b']));
  });

  it('warns of no listeners, with hundreds of calls under way', async () => {
    const warnings: string[] = [];
    const onWarning = ({ name }: Error): void => void warnings.push(name);
    process.on('warning', onWarning);
    try {
      const { sender, dispatcher, notified } = setUp({ concurrency: 300, concurrencyPerHost: 300 });
      const ids = Array.from({ length: 75 }, (_, n) => `host-${n}`);
      sender.answer = (_, signal) =>
        new Promise((resolve) =>
          signal.addEventListener('abort', () => resolve({ result: 'stopped' }), { once: true }),
        );
      for (const writer of [await notified(...ids), await notified(...ids)]) await writer.write(artifact('1'));
      dispatcher.start();
      // Hosts that have not answered may have a quarter of all calls of one owner.
      await sender.called(75);
      await pause(20);
      expect(sender.underWay).toBe(75);
      await dispatcher.stop();
      await pause(20);
    } finally {
      process.off('warning', onWarning);
    }
    expect(warnings).toEqual([]);
  });

  it('G13: sends the Task to a config of v0.3: each status, and of artifacts that wait the newest', async () => {
    const { stores, sender, dispatcher, context } = setUp();
    const writer = await begin(stores, context);
    await stores.pushConfigs.put(context, writer.run.taskId, pushConfig('old', { wireVersion: '0.3' }), 10);
    await writer.write(status('TASK_STATE_WORKING'), ...Array.from({ length: 500 }, (_, n) => artifact(`${n}`)));
    await writer.write(status('TASK_STATE_INPUT_REQUIRED'), artifact('last'));
    dispatcher.start();
    await sender.called(3);
    await dispatcher.stop();
    expect(sender.calls).toEqual(['old:2', 'old:503', 'old:504']);
    const tasks = sender.bodies.map((body) => JSON.parse(body) as { status: { state: string }; artifacts?: object[] });
    expect(tasks.map((task) => [task.status.state, task.artifacts?.length ?? 0])).toEqual([
      ['working', 0],
      ['input-required', 500],
      ['input-required', 501],
    ]);
    expect(await stores.outbox.take(10, HOUR)).toEqual([]);
  });
});
