import { setTimeout as sleep } from 'node:timers/promises';
import type { Task } from '../../src/protocol/model/index.js';
import type { RecordedStream } from './recorded-stream.js';
import { type RpcAnswer, textMessage, V10 } from './rpc.client.js';
import { labOf } from './service.fleet.js';
import type { ServiceProcess } from './service.process.js';
import { StreamWitness } from './stream-witness.js';
import { until } from '../../src/testing/contracts/until.js';

const GIVE_UP_MS = 60_000;
const RETRY_MS = 50;
/** A stream that began so recently is still under way when a replica has drained. */
const RECENTLY_MS = 1_500;
/** A seq that never comes: read to the end. */
const NEVER = -1;

type Agent = 'lab' | 'lab-resumable';

/** What a proxy in front of replicas does: in turns, and with the next one when one refuses a connection or answers 503. */
export class Replicas {
  #turn = 0;
  /** Requests that were passed on to another replica, by why. */
  readonly passedOn = { refused: 0, unavailable: 0 };

  constructor(private services: readonly ServiceProcess[]) {}

  replace(old: ServiceProcess, by: ServiceProcess): void {
    this.services = this.services.map((service) => (service === old ? by : service));
  }

  next(): ServiceProcess {
    const service = this.services[this.#turn++ % this.services.length];
    if (!service) throw new Error('There are no replicas.');
    return service;
  }

  /** Throws what is no answer of JSON-RPC, and what nobody answers. */
  async call(agent: Agent, method: string, params: object): Promise<RpcAnswer> {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    for (const giveUp = Date.now() + GIVE_UP_MS; Date.now() < giveUp; await sleep(RETRY_MS)) {
      const url = labOf(this.next(), agent).url;
      const headers = { 'content-type': 'application/json', ...V10 };
      const answer = await fetch(url, { method: 'POST', headers, body }).catch(() => undefined);
      if (!answer) this.passedOn.refused++;
      else if (answer.status === 503) this.passedOn.unavailable++;
      else return (await answer.json()) as RpcAnswer;
      await answer?.body?.cancel();
    }
    throw new Error(`${method}: nobody answered for ${GIVE_UP_MS} ms`);
  }
}

/** Clients of several kinds, each doing one thing after the other until they are told to stop. */
export class RollingLoad {
  readonly done = { sends: 0, gets: 0, streams: 0 };
  /** Streams that were ended before their tasks. */
  endedEarly = 0;
  readonly failures: string[] = [];
  readonly witnesses: StreamWitness[] = [];
  /** By agent and replica, when a client of a new task began to read it there. */
  readonly #begun = new Map<string, number>();
  #stopped = false;
  readonly #clients: Promise<void>[] = [];

  constructor(private readonly replicas: Replicas) {}

  /** Blocking calls, and the tasks they made asked for. */
  unary(): void {
    this.#run(async () => {
      const text = `echo ${crypto.randomUUID()}`;
      const sent = await this.replicas.call('lab', 'SendMessage', { message: textMessage(text) });
      const { task } = (sent.result ?? {}) as { task?: Task };
      if (task?.status.state !== 'TASK_STATE_COMPLETED') throw new Error(`SendMessage: ${JSON.stringify(sent)}`);
      this.done.sends++;
      const got = await this.replicas.call('lab', 'GetTask', { id: task.id });
      if ((got.result as Task | undefined)?.id !== task.id) throw new Error(`GetTask: ${JSON.stringify(got)}`);
      this.done.gets++;
    });
  }

  /** Streams, each begun at one replica and read to the end of its task at others, as long as each of them serves it. */
  streams(agent: Agent, chunks: number, delayMs: number): void {
    this.#run(async () => {
      const witness = new StreamWitness(labOf(this.replicas.next(), agent), { chunks, bytes: 32, delayMs });
      this.witnesses.push(witness);
      for (const giveUp = Date.now() + GIVE_UP_MS; !witness.ended; await sleep(RETRY_MS)) {
        if (Date.now() > giveUp) throw new Error(`A stream of ${agent} does not end after event ${witness.lastSeq}.`);
        const replica = labOf(this.replicas.next(), agent);
        witness.goTo(replica);
        const known = witness.taskId !== undefined;
        if (known && witness.connections === 1) this.#begun.set(replica.url, performance.now());
        const stream = known ? await witness.resume(NEVER) : await witness.send(({ seq }) => seq === 2);
        this.#check(stream, known, witness.ended);
      }
      this.done.streams++;
    });
  }

  /** Waits until a client has just begun to read a stream of this agent at that replica. */
  untilReadAt(replica: ServiceProcess, agent: Agent): Promise<void> {
    const { url } = labOf(replica, agent);
    return until(() => performance.now() - (this.#begun.get(url) ?? -Infinity) < RECENTLY_MS);
  }

  /** Resolves when the last client is done. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#clients);
  }

  #run(once: () => Promise<void>): void {
    const client = async (): Promise<void> => {
      while (!this.#stopped) await once().catch((error: unknown) => void this.failures.push(String(error)));
    };
    this.#clients.push(client());
  }

  /** A stream ends in order, or does not begin. */
  #check(stream: RecordedStream, resumed: boolean, ended: boolean): void {
    const began = stream.frames.length > 0 || stream.rest !== '';
    if (began && resumed && stream.outcome !== 'ended')
      throw new Error(`A stream was ${stream.outcome} in the middle.`);
    if (stream.outcome === 'refused' && stream.refusal?.error?.code !== -32053) {
      throw new Error(`A stream was refused: ${JSON.stringify(stream.refusal)}`);
    }
    if (began && resumed && !ended) this.endedEarly++;
  }
}
