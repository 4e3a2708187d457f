import { afterEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { DELIVERED, ScriptedSender } from '../../test/support/dispatcher-bench.js';
import { CommittedEvent } from '../tasks/committed-event.js';
import { handlerConfig } from '../tasks/handler-config.js';
import type { PushConfig } from '../tasks/push-config-store.interface.js';
import { caller, pushConfig, status } from '../testing/contracts/fixtures.js';
import { type EventHandler, EventHandlers } from './event-handlers.js';
import { HandlerSender } from './handler.sender.js';

Logger.overrideLogger(false);

const { owner, tenant, agent } = caller();
const scope = { owner, tenant, agent };
const event = CommittedEvent.of({ taskId: 't1', contextId: 'c1' }, 3, status('TASK_STATE_COMPLETED'));
const NEVER_MS = 600_000;

describe('the sender of events to handlers', () => {
  const handlers = new EventHandlers();
  const webhooks = new ScriptedSender();
  afterEach(() => handlers.set([]));
  const send = (
    config: PushConfig = handlerConfig('Mails.send'),
    { timeoutMs = NEVER_MS, signal = new AbortController().signal } = {},
  ) => new HandlerSender(handlers, webhooks, timeoutMs).send({ event, config, scope, body: event.text }, signal);
  const handle = (handler: EventHandler['handle']): void => handlers.set([{ name: 'Mails.send', handle: handler }]);

  it('calls the handler with the event and the scope of its task, and waits for it', async () => {
    let done = false;
    const calls: unknown[] = [];
    handle(async (...call) => {
      calls.push(call);
      await sleep(20);
      done = true;
    });
    expect(await send()).toEqual(DELIVERED);
    expect([done, calls]).toEqual([true, [[event, scope]]]);
  });

  it('reports what it throws, shortened and in one line', async () => {
    handle(() => Promise.reject(new Error(`no\n${'x'.repeat(1_000)}`)));
    const outcome = await send();
    expect(outcome).toMatchObject({ result: 'failed', answer: { error: 'handler' } });
    const { reason } = outcome as { reason: string };
    expect(reason).toMatch(/^It failed: Error: no/);
    expect([reason.length < 300, reason.includes('\n')]).toEqual([true, false]);
  });

  it('waits for a limited time, and until it is stopped', async () => {
    handle(() => new Promise(() => undefined));
    expect(await send(undefined, { timeoutMs: 5 })).toMatchObject({ result: 'failed', answer: { error: 'timeout' } });
    const stop = new AbortController();
    const stopped = send(undefined, { signal: stop.signal });
    stop.abort();
    expect(await stopped).toEqual({ result: 'stopped' });
  });

  it('fails by name for a handler that this process does not have, so that the event stays owed', async () => {
    expect(await send()).toEqual({
      result: 'failed',
      reason: 'This process has no handler:Mails.send.',
      answer: { error: 'no-handler' },
    });
  });

  it('leaves webhooks to the other sender', async () => {
    handle(() => Promise.reject(new Error('It is not meant.')));
    expect(await send(pushConfig('a'))).toEqual(DELIVERED);
    expect(webhooks.calls).toEqual(['a:3']);
  });

  it('subscribes new tasks to the handlers of their agent and of all agents', () => {
    const one = async (): Promise<void> => undefined;
    handlers.set([
      { name: 'A.all', handle: one },
      { name: 'A.own', agent, handle: one },
      { name: 'A.other', agent: `${agent}-else`, handle: one },
    ]);
    expect(handlers.configsOf(agent)).toEqual([handlerConfig('A.all'), handlerConfig('A.own')]);
  });
});
