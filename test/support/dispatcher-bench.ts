import { openMemoryStores } from '../../src/tasks/memory/open-stores.js';
import type { Outbox } from '../../src/tasks/outbox.interface.js';
import { begin, caller, chunk, pushConfig, type Writer } from '../../src/testing/contracts/fixtures.js';
import type { EventHandlers } from '../../src/push-notifications/event-handlers.js';
import { NotificationBodies } from '../../src/push-notifications/notification-bodies.js';
import { OutboxDispatcher } from '../../src/push-notifications/outbox.dispatcher.js';
import type {
  PushNotification,
  PushNotificationSender,
  PushOutcome,
} from '../../src/push-notifications/push-notification-sender.interface.js';
import {
  type PushNotificationsOptions,
  pushNotificationsOptions,
} from '../../src/push-notifications/push-notifications.options.js';

export const DELIVERED: PushOutcome = { result: 'delivered' };
export const FAILED: PushOutcome = { result: 'failed', reason: 'no' };
export const artifact = (text: string) => chunk(text, `artifact-${text}`, false);

/** Writes down what it is to send, and answers as the test says. */
export class ScriptedSender implements PushNotificationSender {
  /** `config:seq` of each call, in order. */
  readonly calls: string[] = [];
  readonly bodies: string[] = [];
  underWay = 0;
  most = 0;
  answer: (call: string, signal: AbortSignal) => PushOutcome | Promise<PushOutcome> = () => DELIVERED;
  #waiting: (() => void)[] = [];

  async send({ event, config, body }: PushNotification, signal: AbortSignal): Promise<PushOutcome> {
    const call = `${config.id}:${event.seq}`;
    this.calls.push(call);
    this.bodies.push(body);
    this.most = Math.max(this.most, ++this.underWay);
    for (const check of this.#waiting.splice(0)) check();
    try {
      return await this.answer(call, signal);
    } finally {
      this.underWay--;
    }
  }

  /** Resolves when it has been called so often. */
  async called(times: number): Promise<string[]> {
    while (this.calls.length < times) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.calls;
  }
}

export class Latch {
  open!: () => void;
  readonly opened = new Promise<void>((resolve) => (this.open = resolve));
}

const stopping: OutboxDispatcher[] = [];

/** After each test. */
export const stopAll = (): Promise<void[]> => Promise.all(stopping.splice(0).map((dispatcher) => dispatcher.stop()));

export function setUp(
  options: Partial<PushNotificationsOptions> = {},
  changed: Partial<Outbox> = {},
  only?: Pick<EventHandlers, 'any'>,
) {
  const stores = openMemoryStores();
  const sender = new ScriptedSender();
  // Only commits and ends of deliveries are a reason to look, unless a test says otherwise.
  const given = pushNotificationsOptions({ pollMs: 600_000, firstRetryMs: 1, maxRetryMs: 1, drainMs: 0, ...options });
  const { outbox } = stores;
  const bound: Outbox = {
    take: outbox.take.bind(outbox),
    complete: outbox.complete.bind(outbox),
    skipFollowed: outbox.skipFollowed.bind(outbox),
    release: outbox.release.bind(outbox),
    retry: outbox.retry.bind(outbox),
    deadLetter: outbox.deadLetter.bind(outbox),
    onOwed: outbox.onOwed.bind(outbox),
    ...changed,
  };
  const dispatcher = new OutboxDispatcher(
    bound,
    stores.pushConfigs,
    sender,
    new NotificationBodies(stores.tasks, given.maxTaskBytes),
    given,
    undefined,
    undefined,
    undefined,
    only,
  );
  stopping.push(dispatcher);
  const context = caller();
  const notified = async (...ids: string[]): Promise<Writer> => {
    const writer = await begin(stores, context);
    for (const id of ids) {
      await stores.pushConfigs.put(context, writer.run.taskId, pushConfig(id, { url: `https://${id}.invalid/` }), 100);
    }
    return writer;
  };
  return { stores, sender, dispatcher, outbox: bound, context, notified };
}
