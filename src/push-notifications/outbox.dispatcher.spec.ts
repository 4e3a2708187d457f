import { afterEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { unavailable } from '../protocol/errors/index.js';
import { handlerConfig } from '../tasks/handler-config.js';
import { begin, HOUR, pushConfig, status } from '../testing/contracts/fixtures.js';
import { artifact, DELIVERED, FAILED, Latch, setUp, stopAll } from '../../test/support/dispatcher-bench.js';

Logger.overrideLogger(false);
afterEach(stopAll);

describe('the dispatcher of the outbox', () => {
  it('delivers to each config each event in order, one at a time', async () => {
    const { sender, dispatcher, notified } = setUp();
    dispatcher.start();
    const writer = await notified('a', 'b');
    await writer.write(artifact('1'), artifact('2'), status('TASK_STATE_COMPLETED'));
    const calls = await sender.called(6);
    for (const id of ['a', 'b']) {
      expect(calls.filter((call) => call.startsWith(id))).toEqual([`${id}:2`, `${id}:3`, `${id}:4`]);
    }
  });

  it('delivers what was owed before it started', async () => {
    const { sender, dispatcher, notified } = setUp();
    await (await notified('a')).write(artifact('1'));
    dispatcher.start();
    expect(await sender.called(1)).toEqual(['a:2']);
  });

  it('lets no config wait for another, and no commit for any', async () => {
    const { sender, dispatcher, notified } = setUp();
    const latch = new Latch();
    sender.answer = (call) => (call.startsWith('slow') ? latch.opened.then(() => DELIVERED) : DELIVERED);
    dispatcher.start();
    const writer = await notified('slow', 'fast');
    await writer.write(artifact('1'));
    await writer.write(artifact('2'));
    await writer.write(status('TASK_STATE_COMPLETED'));
    const calls = await sender.called(4);
    expect([...calls].sort()).toEqual(['fast:2', 'fast:3', 'fast:4', 'slow:2']);
    latch.open();
    expect((await sender.called(6)).slice(4)).toEqual(['slow:3', 'slow:4']);
  });

  it('sends no more at a time than it may, in all and to one host', async () => {
    const { sender, dispatcher, notified } = setUp({ concurrency: 6, concurrencyPerHost: 4, pollMs: 10 });
    const perHost = new Map<string, number>();
    let most = 0;
    sender.answer = async (call) => {
      const host = call.split(':')[0] ?? '';
      perHost.set(host, (perHost.get(host) ?? 0) + 1);
      most = Math.max(most, perHost.get(host) ?? 0);
      await new Promise((resolve) => setTimeout(resolve, 2));
      perHost.set(host, (perHost.get(host) ?? 0) - 1);
      return DELIVERED;
    };
    const hosts = ['a', 'b', 'c', 'd', 'e'];
    const writers = await Promise.all(Array.from({ length: 6 }, () => notified(...hosts)));
    await Promise.all(writers.map((writer) => writer.write(artifact('1'))));
    dispatcher.start();
    await sender.called(30);
    expect([sender.most, most]).toEqual([6, 2]);
  });

  it('tries again until it is delivered, before any successor', async () => {
    const { sender, dispatcher, notified } = setUp({ pollMs: 10 });
    let tries = 0;
    sender.answer = () => (++tries < 4 ? FAILED : DELIVERED);
    dispatcher.start();
    await (await notified('a')).write(artifact('1'), artifact('2'));
    expect(await sender.called(5)).toEqual(['a:2', 'a:2', 'a:2', 'a:2', 'a:3']);
  });

  it('gives a delivery up after its last try, and goes on with the next', async () => {
    const { sender, dispatcher, notified } = setUp({ pollMs: 10, maxAttempts: 3 });
    sender.answer = (call) => (call === 'a:2' ? FAILED : DELIVERED);
    dispatcher.start();
    await (await notified('a')).write(artifact('1'), artifact('2'));
    expect(await sender.called(4)).toEqual(['a:2', 'a:2', 'a:2', 'a:3']);
  });

  it('disables a config whose deliveries are given up in a row, and only such', async () => {
    const { stores, sender, dispatcher, notified, context } = setUp({ pollMs: 10, maxAttempts: 1, disableAfter: 2 });
    sender.answer = (call) => (call === 'a:3' || call.startsWith('b') ? DELIVERED : FAILED);
    const writer = await notified('a', 'b');
    await writer.write(...['1', '2', '3', '4', '5', '6'].map(artifact), status('TASK_STATE_COMPLETED'));
    dispatcher.start();
    const calls = await sender.called(11);
    await dispatcher.stop();
    expect(calls.filter((call) => call.startsWith('a'))).toEqual(['a:2', 'a:3', 'a:4', 'a:5']);
    expect(calls.filter((call) => call.startsWith('b'))).toHaveLength(7);
    const page = await stores.pushConfigs.list(context, writer.run.taskId);
    expect(page?.configs.map(({ id }) => id)).toEqual(['b']);
  });

  it('gives up what a handler fails with, and never disables it', async () => {
    const { stores, sender, dispatcher, context } = setUp({ pollMs: 10, maxAttempts: 2, disableAfter: 1 });
    const { id, ...config } = handlerConfig('Mails.send');
    sender.answer = (call) => (call === `${id}:3` ? DELIVERED : FAILED);
    const writer = await begin(stores, context, { pushConfigs: [{ id, ...config }] });
    await writer.write(artifact('1'), artifact('2'));
    dispatcher.start();
    expect(await sender.called(4)).toEqual([`${id}:1`, `${id}:1`, `${id}:2`, `${id}:2`]);
    await writer.write(artifact('3'));
    expect((await sender.called(7)).slice(4)).toEqual([`${id}:3`, `${id}:4`, `${id}:4`]);
    await dispatcher.stop();
    const { rows } = await stores.admin.deliveries({ state: 'dead' });
    expect(rows.map(({ seq }) => seq).sort()).toEqual([1, 2, 4]);
  });

  it('delivers to handlers only where there are no webhooks, and leaves what is owed to those', async () => {
    const options = { pollMs: 10, maxRetryMs: 600_000 };
    for (const any of [false, true]) {
      const { stores, sender, dispatcher, context } = setUp(options, {}, { any });
      const configs = [pushConfig('a'), handlerConfig('Mails.send')];
      await begin(stores, context, { pushConfigs: configs });
      dispatcher.onApplicationBootstrap();
      if (any) await sender.called(1);
      await dispatcher.stop();
      expect(sender.calls).toEqual(any ? ['handler:Mails.send:1'] : []);
      const { rows } = await stores.admin.deliveries({});
      expect(rows.map(({ configId, attempts }) => `${configId} ${attempts}`).sort()).toEqual(
        any ? ['a 0'] : ['a 0', 'handler:Mails.send 0'],
      );
    }
  });

  it('tries what cannot succeed once, and asks nothing more of who is gone', async () => {
    const { stores, sender, dispatcher, notified, context } = setUp({ pollMs: 10 });
    sender.answer = (call) => {
      if (call.startsWith('gone')) return { result: 'gone', reason: '410' };
      return call === 'bad:2' ? { result: 'rejected', reason: 'header' } : DELIVERED;
    };
    dispatcher.start();
    const writer = await notified('gone', 'bad');
    await writer.write(artifact('1'), artifact('2'));
    expect([...(await sender.called(3))].sort()).toEqual(['bad:2', 'bad:3', 'gone:2']);
    await writer.write(artifact('3'));
    expect((await sender.called(4)).at(-1)).toBe('bad:4');
    expect(await stores.pushConfigs.get(context, writer.run.taskId, 'gone')).toBeUndefined();
  });

  it('B16: logs what it gives up and disables, and shows neither address nor secrets', async () => {
    const lines: string[] = [];
    const log = (...parts: unknown[]): void => void lines.push(parts.map(String).join(' '));
    Logger.overrideLogger({ log, debug: log, verbose: log, warn: log, error: log, fatal: log });
    try {
      const { stores, sender, dispatcher, context } = setUp({ pollMs: 10, maxAttempts: 2, disableAfter: 1 });
      sender.answer = () => FAILED;
      const config = pushConfig('a', {
        url: 'https://host.invalid/pa55?key=pa55',
        token: 'pa55',
        authentication: { scheme: 'Bearer', credentials: 'pa55' },
      });
      const { run } = await begin(stores, context, { pushConfigs: [config] });
      dispatcher.start();
      await sender.called(2);
      await dispatcher.stop();
      expect(lines).toEqual([
        expect.stringMatching(/failed, attempt 1 of 2: no/),
        expect.stringMatching(/is dropped after 2 attempts: no/),
        expect.stringMatching(/The webhook a of task .* is disabled: no/),
      ]);
      expect(lines.join()).toContain(run.taskId);
      expect(lines.join()).not.toMatch(/pa55|host\.invalid/);
    } finally {
      Logger.overrideLogger(false);
    }
  });

  it('takes a sender that throws for one that failed', async () => {
    const { sender, dispatcher, notified } = setUp({ pollMs: 10 });
    sender.answer = () => (sender.calls.length === 1 ? Promise.reject(new Error('a defect')) : DELIVERED);
    dispatcher.start();
    await (await notified('a')).write(artifact('1'));
    expect(await sender.called(2)).toEqual(['a:2', 'a:2']);
  });

  it('goes on when the storage was away, and sends nothing twice because of it', async () => {
    const failures = { take: 2, complete: 2 };
    const away = (what: keyof typeof failures): void => {
      if (failures[what]-- > 0) throw unavailable('away');
    };
    const { stores, sender, dispatcher, outbox, notified } = setUp({ pollMs: 10 });
    const { take, complete } = outbox;
    outbox.take = async (...args) => {
      away('take');
      return take(...args);
    };
    outbox.complete = async (ids) => {
      away('complete');
      return complete(ids);
    };
    dispatcher.start();
    await (await notified('a')).write(artifact('1'), artifact('2'));
    expect(await sender.called(2)).toEqual(['a:2', 'a:3']);
    expect(failures.complete).toBeLessThan(0);
    await dispatcher.stop();
    expect(await stores.outbox.take(10, 0)).toEqual([]);
  });

  it('looks now and then for what others left', async () => {
    const { stores, sender, dispatcher, notified } = setUp({ pollMs: 20 }, { onOwed: () => () => undefined });
    dispatcher.start();
    await (await notified('a')).write(artifact('1'));
    expect(await sender.called(1)).toEqual(['a:2']);
    await dispatcher.stop();
    expect(await stores.outbox.take(10, 0)).toEqual([]);
  });

  it('at its end delivers what is due, and takes nothing more', async () => {
    const { stores, sender, dispatcher, notified } = setUp({ drainMs: 60_000 });
    dispatcher.start();
    const writer = await notified('a');
    const latch = new Latch();
    sender.answer = () => latch.opened.then(() => DELIVERED);
    await writer.write(artifact('1'), status('TASK_STATE_COMPLETED'));
    await sender.called(1);
    const stopped = dispatcher.stop();
    latch.open();
    await stopped;
    expect(sender.calls).toEqual(['a:2', 'a:3']);
    await (await notified('b')).write(artifact('late'));
    expect(await stores.outbox.take(10, 0)).toMatchObject([{ config: { id: 'b' } }]);
    expect(sender.calls).toHaveLength(2);
  });

  it('at its end breaks off what takes too long, and leaves it due', async () => {
    const { stores, sender, dispatcher, notified } = setUp({ drainMs: 50 });
    sender.answer = (_, signal) =>
      new Promise((resolve) => signal.addEventListener('abort', () => resolve({ result: 'stopped' }), { once: true }));
    dispatcher.start();
    await (await notified('a')).write(artifact('1'), artifact('2'));
    await sender.called(1);
    await dispatcher.stop();
    expect(await stores.outbox.take(10, HOUR)).toMatchObject([{ event: { seq: 2 }, attempts: 0 }]);
  });

  it('ends at once when the storage is unreachable, or when it never started', async () => {
    const gone = () => Promise.reject(unavailable('away'));
    const { dispatcher } = setUp({ drainMs: 60_000 }, { take: gone });
    dispatcher.start();
    await dispatcher.stop();
    await setUp({ drainMs: 60_000 }).dispatcher.stop();
  });
});
