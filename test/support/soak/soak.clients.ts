import { expect } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Task } from '../../../src/protocol/model/index.js';
import { isTerminal } from '../../../src/protocol/state/task-state.js';
import { patientCall } from '../faults/patient-call.js';
import type { LabAgentId, ReplicaFleet } from '../faults/replica.fleet.js';
import type { Witness } from '../faults/witness.js';
import { textMessage } from '../rpc.client.js';
import type { ReceivedNotification, WebhookReceiver } from '../webhook.receiver.js';

/** Between two things of a client that are over at once. */
const PAUSE_MS = 250;
const STREAM = { chunks: 40, bytes: 200, delayMs: 100 };

/** A task that a client was told of, and what must be true of it ever after. */
interface Kept {
  readonly id: string;
  readonly agent: LabAgentId;
  readonly verify: (task: Task) => void;
}

const reasonOf = ({ status }: Task): unknown => status.message?.metadata?.['reason'];

/** Clients of several kinds, each doing one thing after the other until they are told to stop. */
export class SoakClients {
  readonly done = { streams: 0, sends: 0, followUps: 0, cancels: 0, notified: 0 };
  readonly failures: string[] = [];
  readonly #kept: Kept[] = [];
  /** Paths of webhooks. */
  readonly #notified: string[] = [];
  readonly #clients: Promise<void>[] = [];
  #stopped = false;

  constructor(
    private readonly fleet: ReplicaFleet,
    private readonly witness: Witness,
    private readonly receiver: WebhookReceiver,
  ) {}

  /** A stream, read by its sender and by one who joins it, each until it has seen the end. */
  streams(agent: LabAgentId): void {
    this.#run(async () => {
      const at = this.fleet.any()?.number;
      if (at === undefined) return;
      const { readers } = await this.witness.watch({
        agent,
        stream: STREAM,
        at,
        readers: [{ at, fromSnapshot: true }],
      });
      await Promise.all(readers.map(({ done }) => done));
      this.done.streams++;
    });
  }

  sends(): void {
    this.#run(async () => {
      await sleep(PAUSE_MS);
      await this.witness.send(crypto.randomUUID(), { agent: 'lab-resumable' });
      this.done.sends++;
    });
  }

  /** A question, and the answer as a follow-up: handled once, or its task has failed because a process was lost. */
  followUps(agent: LabAgentId): void {
    this.#run(async () => {
      await sleep(PAUSE_MS);
      const asked = await this.#send(agent, textMessage('ask'));
      if (asked.status.state !== 'TASK_STATE_INPUT_REQUIRED') return this.#expectLost(asked, agent);
      const answer = textMessage(crypto.randomUUID(), { taskId: asked.id });
      const answered = await this.#send(agent, answer);
      this.#kept.push({ id: asked.id, agent, verify: (task) => this.#verifyAnswered(task, agent, answer) });
      this.#verifyAnswered(answered, agent, answer);
      this.done.followUps++;
    });
  }

  /** What is told to be canceled stays canceled. */
  cancels(): void {
    this.#run(async () => {
      await sleep(PAUSE_MS);
      const message = textMessage('sleep 3600000');
      const configuration = { returnImmediately: true };
      const params = { message, configuration };
      const { task } = await patientCall<{ task: Task }>(this.fleet, 'SendMessage', params);
      const ended = await patientCall<Task>(
        this.fleet,
        'CancelTask',
        { id: task.id },
        {
          // It ended before: another client of it may have been told so, or its process was lost.
          onError: (error) => (error.code === -32002 ? this.#get(task.id, 'lab') : undefined),
        },
      );
      if (ended.status.state !== 'TASK_STATE_CANCELED') this.#expectLost(ended, 'lab');
      const { state } = ended.status;
      this.#kept.push({ id: task.id, agent: 'lab', verify: ({ status }) => expect(status.state).toBe(state) });
      this.done.cancels++;
    });
  }

  /** A task whose webhook is told of each event. */
  notified(): void {
    this.#run(async () => {
      await sleep(PAUSE_MS);
      const path = `/${crypto.randomUUID()}`;
      const configuration = { taskPushNotificationConfig: { url: this.receiver.url(path) } };
      const params = { message: textMessage(`echo ${path}`), configuration };
      await patientCall(this.fleet, 'SendMessage', params, { agent: 'lab-resumable' });
      this.#notified.push(path);
      this.done.notified++;
    });
  }

  /** Resolves when the last client is done. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#clients);
  }

  /** What each client was told is still true at each replica, and each webhook was told all of its task. */
  async verify(): Promise<void> {
    for (const { id, agent, verify } of this.#kept) {
      for (const replica of this.fleet.usable) verify(await replica.lab(agent).result<Task>('GetTask', { id }));
    }
    for (const path of this.#notified) {
      const ends = ({ body }: ReceivedNotification): boolean => JSON.stringify(body).includes('TASK_STATE_COMPLETED');
      const received = await this.receiver.until(path, (all) => all.some(ends));
      // Again at times, never in another order.
      const seqs = [
        ...new Set(received.map(({ headers }) => Number(String(headers['x-a2a-notification-id']).split('/')[1]))),
      ];
      expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    }
  }

  async #send(agent: LabAgentId, message: object): Promise<Task> {
    const { task } = await patientCall<{ task: Task }>(
      this.fleet,
      'SendMessage',
      { message },
      {
        agent,
        // The task of a follow-up that was not taken in may have ended since.
        onError: async ({ code }) => {
          const { taskId } = message as { taskId?: string };
          return code === -32004 && taskId ? { task: await this.#get(taskId, agent) } : undefined;
        },
      },
    );
    return task;
  }

  #get(id: string, agent: LabAgentId): Promise<Task> {
    return patientCall<Task>(this.fleet, 'GetTask', { id }, { agent });
  }

  #verifyAnswered(task: Task, agent: LabAgentId, { messageId, parts }: ReturnType<typeof textMessage>): void {
    if (task.status.state !== 'TASK_STATE_COMPLETED') return this.#expectLost(task, agent);
    expect(task.artifacts?.map((artifact) => artifact.parts)).toEqual([parts]);
    expect(task.history?.filter((message) => message.messageId === messageId)).toHaveLength(1);
  }

  #expectLost(task: Task, agent: LabAgentId): void {
    expect(isTerminal(task.status.state)).toBe(true);
    expect({ agent, reason: reasonOf(task) }).toEqual({ agent: 'lab', reason: 'RUN_LOST' });
  }

  #run(once: () => Promise<void>): void {
    const client = async (): Promise<void> => {
      while (!this.#stopped) {
        await once().catch(
          (error: unknown) => void this.failures.push(error instanceof Error ? error.message : String(error)),
        );
      }
    };
    this.#clients.push(client());
  }
}
