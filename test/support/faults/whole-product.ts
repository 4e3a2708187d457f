import { setTimeout as sleep } from 'node:timers/promises';
import { TransientAgentError } from '../../../src/agents/transient-agent.error.js';
import { ForgottenTasks } from '../../../src/execution/recovery/forgotten.tasks.js';
import { newId } from '../../../src/protocol/ids.js';
import type { Task } from '../../../src/protocol/model/index.js';
import type { A2aStorage } from '../../../src/storage/a2a-storage.interface.js';
import type { AdminTaskRow } from '../../../src/tasks/admin/admin-rows.js';
import { newTask, userMessage } from '../../../src/testing/contracts/fixtures.js';
import { agentOf, Gate } from '../agent-of.js';
import { textMessage } from '../rpc.client.js';
import { TestApp } from '../test-app.js';
import { WebhookReceiver } from '../webhook.receiver.js';
import type { ProductProbe } from './product.probe.js';
import { untilAborted } from '../until-aborted.js';

type ClientMessage = ReturnType<typeof textMessage>;

/** What a round leaves, to be looked at: messages with how often each was to be handled, and how rows are to look. */
export interface Round {
  readonly handled: Map<string, number>;
  readonly rows: Map<string, Partial<AdminTaskRow>>;
  readonly notified: string;
}

const TRIES = 40;

/** Two replicas in this process, and one round of all that clients do with them. */
export class WholeProduct {
  #rounds = 0;

  private constructor(
    readonly apps: readonly [TestApp, TestApp],
    readonly receiver: WebhookReceiver,
    private readonly probe: ProductProbe,
    /** How often the agent was given each message. */
    readonly given: ReadonlyMap<string, number>,
    private readonly slow: Map<string, Gate>,
  ) {}

  static async start(storage: () => A2aStorage, probe: ProductProbe): Promise<WholeProduct> {
    const receiver = await WebhookReceiver.start();
    receiver.behave = (response, { path }) => {
      response.writeHead(path.startsWith('/gone') ? 410 : path.startsWith('/broken') ? 500 : 204).end();
    };
    const given = new Map<string, number>();
    const slow = new Map<string, Gate>();
    const start = (): Promise<TestApp> =>
      TestApp.start({
        on: storage(),
        agents: agents(given, slow),
        pollMs: 50,
        execution: { recoveryMs: 100, cancelTimeoutMs: 500, drainMs: 500 },
        retention: { everyMs: 200 },
        pushNotifications: {
          allowedHosts: ['127.0.0.0/8'],
          firstRetryMs: 10,
          maxRetryMs: 20,
          pollMs: 50,
          timeoutMs: 2_000,
          maxAttempts: 2,
          // The first that is given up becomes a dead letter, the second disables the webhook.
          disableAfter: 2,
        },
      });
    const apps = [await start(), await start()] as const;
    // What only the net below the recovery would find is to fail a test; at this pace it would also take tasks that are in work.
    await Promise.all(apps.map(({ app }) => app.get(ForgottenTasks, { strict: false }).onModuleDestroy()));
    return new WholeProduct(apps, receiver, probe, given, slow);
  }

  async stop(): Promise<void> {
    await Promise.all(this.apps.map((app) => app.close()));
    await this.receiver.stop();
  }

  /** All of it at once. Resolves when everything was acknowledged. `begun` is called when the round is prepared. */
  async round(begun: () => void): Promise<Round> {
    const round: Round = { handled: new Map(), rows: new Map(), notified: `/ok-${++this.#rounds}` };
    const orphan = await this.#orphan(round);
    begun();
    await Promise.all([
      orphan(),
      this.#send(round, 'hello', { attempt: 1 }),
      this.#send(round, 'transient', { attempt: 2, failures: 1 }, 2),
      this.#conversation(round),
      this.#cancelRunning(round),
      this.#cancelIdle(round),
      this.#stream(round),
      this.#webhooks(round),
      this.#brief(),
    ]);
    return round;
  }

  /** A task whose process is there, and goes. */
  async #orphan(round: Round): Promise<() => Promise<void>> {
    const replica = newId();
    const message = userMessage('orphan');
    const task = newTask({ runOwner: replica, history: [message], messageId: message.messageId });
    await this.probe.ask(async ({ runs, tasks }) => {
      await runs.registerReplica(replica, 3_600_000);
      await tasks.create(this.probe.context, task);
    });
    round.rows.set(task.taskId, { state: 'TASK_STATE_COMPLETED', turn: 1, attempt: 2, crashes: 1 });
    round.handled.set(message.messageId, 1);
    return () => this.probe.ask(({ runs }) => runs.removeReplica(replica));
  }

  async #send(round: Round, text: string, row: object, handled = 1): Promise<void> {
    const message = textMessage(text);
    const task = await this.#answered(0, message);
    round.handled.set(message.messageId, handled);
    round.rows.set(task.id, { state: 'TASK_STATE_COMPLETED', turn: 1, ...row });
  }

  /** The second turn begins by a claim, the third is taken by the run itself. */
  async #conversation(round: Round): Promise<void> {
    const first = textMessage('ask');
    const { id } = await this.#answered(0, first);
    const [second, third] = [textMessage('ask slowly', { taskId: id }), textMessage('bye', { taskId: id })];
    const stored = new Gate();
    this.slow.set(second.messageId, stored);
    try {
      await this.#answered(1, second, true);
      await this.#answered(0, third, true);
    } finally {
      stored.open();
    }
    await this.#answered(0, third);
    for (const { messageId } of [first, second, third]) round.handled.set(messageId, 1);
    round.rows.set(id, { state: 'TASK_STATE_COMPLETED', turn: 3, attempt: 1, crashes: 0, failures: 0 });
    await this.#call(1, 'GetTask', { id });
    await this.#call(0, 'ListTasks', { pageSize: 2 });
  }

  async #cancelRunning(round: Round): Promise<void> {
    const message = textMessage('hang');
    const { id } = await this.#answered(0, message, true);
    await this.#cancel(id);
    round.rows.set(id, { state: 'TASK_STATE_CANCELED', turn: 1 });
  }

  async #cancelIdle(round: Round): Promise<void> {
    const message = textMessage('ask');
    const { id } = await this.#answered(0, message);
    round.handled.set(message.messageId, 1);
    await this.probe.untilReleased(id);
    await this.#cancel(id);
    round.rows.set(id, { state: 'TASK_STATE_CANCELED', turn: 1, attempt: 1 });
  }

  async #stream(round: Round): Promise<void> {
    const message = textMessage('stream');
    for (let tries = 0; ; tries++) {
      const stream = await this.apps[0].rpc().stream('SendStreamingMessage', { message });
      const frames = await stream.all();
      const last = frames.at(-1)?.data ?? '';
      if (last.includes('TASK_STATE_COMPLETED')) break;
      if (tries === TRIES) throw new Error(`No end of the stream: ${last}`);
      await sleep(50);
    }
    const { id } = await this.#answered(0, message);
    round.handled.set(message.messageId, 1);
    round.rows.set(id, { state: 'TASK_STATE_COMPLETED', turn: 1, attempt: 1 });
  }

  async #webhooks(round: Round): Promise<void> {
    const path = round.notified;
    const url = (kind: string): string => this.receiver.url(path.replace('ok', kind));
    const first = textMessage('ask');
    const { id } = await this.#answered(0, first, false, { id: 'ok', url: url('ok') });
    for (const kind of ['gone', 'broken', 'none']) {
      await this.#call(1, 'CreateTaskPushNotificationConfig', { taskId: id, id: kind, url: url(kind) });
    }
    await this.#call(0, 'GetTaskPushNotificationConfig', { taskId: id, id: 'ok' });
    await this.#call(1, 'ListTaskPushNotificationConfigs', { taskId: id });
    await this.#call(0, 'DeleteTaskPushNotificationConfig', { taskId: id, id: 'none' });
    const second = textMessage('bye', { taskId: id });
    await this.#answered(1, second);
    for (const { messageId } of [first, second]) round.handled.set(messageId, 1);
    round.rows.set(id, { state: 'TASK_STATE_COMPLETED', turn: 2, attempt: 1 });
  }

  /** One that is deleted when it has ended: on a busy machine, before its sender is answered. */
  async #brief(): Promise<void> {
    const sent = this.#answered(1, textMessage('brief'), false, undefined, 'brief');
    await sent.catch((error: unknown) => {
      if (!String(error).includes('TASK_NOT_FOUND')) throw error;
    });
  }

  async #answered(app: 0 | 1, message: ClientMessage, now = false, config?: object, agent?: string): Promise<Task> {
    const configuration = { returnImmediately: now, ...(config && { taskPushNotificationConfig: config }) };
    return (await this.#call<{ task: Task }>(app, 'SendMessage', { message, configuration }, agent)).task;
  }

  async #cancel(id: string): Promise<void> {
    try {
      await this.#call(1, 'CancelTask', { id });
    } catch (error) {
      // The first time may have canceled it, and its answer been lost.
      const { status } = await this.#call<Task>(1, 'GetTask', { id });
      if (status.state !== 'TASK_STATE_CANCELED') throw error;
    }
  }

  async #call<T>(app: 0 | 1, method: string, params: object, agent?: string): Promise<T> {
    const { result, error } = await this.apps[app].rpc(agent).patientCall<T>(method, params);
    if (error) throw new Error(`${method}: ${JSON.stringify(error)}`);
    return result as T;
  }
}

/** What is asked `slowly` is answered when its gate is opened. */
function agents(given: Map<string, number>, slow: ReadonlyMap<string, Gate>) {
  const execute: Parameters<typeof agentOf>[0] = async ({ message, userText, attempt, signal }, updater) => {
    const { messageId } = message;
    given.set(messageId, (given.get(messageId) ?? 0) + 1);
    if (userText === 'transient' && attempt === 1) throw new TransientAgentError('not yet');
    if (userText === 'hang') await untilAborted({ signal });
    if (signal.aborted) return;
    await slow.get(messageId)?.opened;
    const chunks = userText === 'stream' ? 4 : 0;
    for (let n = 0; n < chunks; n++) await updater.addArtifact(`${n}`, { artifactId: 'chunks', append: n > 0 });
    await updater.addArtifact(userText, { artifactId: messageId });
    if (userText.startsWith('ask')) await updater.requiresInput();
  };
  const options = { resumable: true, retry: { maxAttempts: 3, delayMs: 0 } };
  const retention = { retainMs: 500 };
  return [agentOf(execute, options), agentOf(execute, { ...options, id: 'brief', default: false, retention })];
}
