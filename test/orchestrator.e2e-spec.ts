import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { setTimeout as sleep } from 'node:timers/promises';
import { LabAgent } from '../examples/lab/lab.agent.js';
import { labChunk } from '../examples/lab/lab-chunk.js';
import { OrchestratorAgent } from '../examples/orchestrator/orchestrator.agent.js';
import { WORKER_TASK } from '../examples/orchestrator/worker.relay.js';
import { RunAborted, type StreamResponse, type Task } from '../src/index.js';
import {
  A2aClient,
  A2aClientModule,
  type A2aClientOptions,
  ClientTaskManager,
  type InterfacePreference,
} from '../src/client/index.js';
import { agentRun } from '../src/testing/agent-run.js';
import { type LossyProxy, openLossyProxy } from './support/lossy-proxy.js';
import { SeededRandom } from './support/seeded-random.js';
import { type AdapterName, TestApp } from './support/test-app.js';

const INTERFACES: InterfacePreference[] = [
  { binding: 'JSONRPC', version: '1.0' },
  { binding: 'JSONRPC', version: '0.3' },
  { binding: 'HTTP+JSON', version: '1.0' },
];

const chunksOf = (count: number): string[] => Array.from({ length: count }, (_, i) => labChunk(i, 64));
const textsOf = ({ artifacts = [] }: Task): string[] =>
  artifacts.flatMap(({ parts }) => parts.map((part) => ('text' in part ? part.text : '')));
const appendedTexts = (events: readonly StreamResponse[]): string[] =>
  events.flatMap((event) =>
    'artifactUpdate' in event
      ? event.artifactUpdate.artifact.parts.map((part) => ('text' in part ? part.text : ''))
      : [],
  );

/** A server with the agents `lab` and `orchestrator`; the worker of its orchestrator is the lab of the other server. */
class Peer {
  app!: TestApp;
  proxy!: LossyProxy;

  static async start(): Promise<Peer> {
    const peer = new Peer();
    peer.proxy = await openLossyProxy(() => peer.app.origin);
    return peer;
  }

  async serve(adapter: AdapterName, worker: LossyProxy, options: A2aClientOptions): Promise<void> {
    const url = `${worker.url}agents/lab`;
    this.app = await TestApp.start({
      adapter,
      agents: [LabAgent, OrchestratorAgent],
      imports: [A2aClientModule.forRoot({ agents: { worker: { url } }, defaults: options })],
      publicUrl: this.proxy.url,
    });
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.proxy.close();
  }
}

describe.each(INTERFACES)('two servers that call each other by $binding $version', (preference) => {
  const options: A2aClientOptions = {
    allow: ['127.0.0.1'],
    preference: [preference],
    limits: { minDelayMs: 0, maxDelayMs: 5, attempts: 200, openAttempts: 200 },
  };
  let peers: [Peer, Peer];
  let clients: A2aClient[];

  beforeAll(async () => {
    peers = [await Peer.start(), await Peer.start()];
    const [one, other] = peers;
    await one.serve('express', other.proxy, options);
    await other.serve('fastify', one.proxy, options);
    clients = peers.map(({ proxy }) => new A2aClient(`${proxy.url}agents/orchestrator`, options));
  });
  afterEach(() => peers.forEach(({ proxy }) => proxy.cutAfter(() => undefined)));
  afterAll(async () => {
    clients.forEach((client) => client.close());
    await Promise.all(peers.map((peer) => peer.close()));
  });

  const labs = (): A2aClient[] => peers.map(({ proxy }) => new A2aClient(`${proxy.url}agents/lab`, options));

  it('pass the chunks of each other on, each once, wherever their streams are cut', async () => {
    const plan = fc.record({ seed: fc.integer(), most: fc.integer({ min: 2_500, max: 10_000 }) });
    const lost = (): number => peers.reduce((sum, { proxy }) => sum + proxy.lost, 0);
    await fc.assert(
      fc.asyncProperty(plan, async ({ seed, most }) => {
        const random = new SeededRandom(seed);
        for (const { proxy } of peers) proxy.cutAfter(() => random.between(0, most));
        const seen = await Promise.all(
          clients.map(async (client) => {
            const stream = client.sendStreamingMessage('stream 30 64 1');
            const events: StreamResponse[] = [];
            const seqs: (number | undefined)[] = [];
            for await (const event of stream) {
              events.push(event);
              seqs.push(stream.lastSeq);
            }
            return { events, seqs, id: stream.taskId! };
          }),
        );
        for (const { proxy } of peers) proxy.cutAfter(() => undefined);
        for (const [at, { events, seqs, id }] of seen.entries()) {
          expect(seqs).toEqual(seqs.map((_, index) => index + 1));
          expect(appendedTexts(events)).toEqual(chunksOf(30));
          expect(events.at(-1)).toMatchObject({ statusUpdate: { status: { state: 'TASK_STATE_COMPLETED' } } });
          const stored = await clients[at]!.getTask({ id });
          expect(textsOf(stored)).toEqual(chunksOf(30));
        }
      }),
      { numRuns: 8 },
    );
    expect(lost()).toBeGreaterThan(8);
  });

  it('pass questions and their answers on', async () => {
    const [client] = clients as [A2aClient];
    const asked = await client.sendStreamingMessage('ask').result();
    expect(asked).toMatchObject({ task: { status: { state: 'TASK_STATE_INPUT_REQUIRED' } } });
    const { id } = (asked as { task: Task }).task;
    const message = { taskId: id, parts: [{ text: 'forty-two' }] };
    const answered = (await client.sendStreamingMessage({ message }).result()) as { task: Task };
    expect(answered.task).toMatchObject({ id, status: { state: 'TASK_STATE_COMPLETED' } });
    expect(textsOf(answered.task).join()).toContain('forty-two');
  });

  it('pass failures on, and cancel what was delegated', async () => {
    const [client] = clients as [A2aClient];
    const [, worker] = labs() as [A2aClient, A2aClient];
    expect(await client.sendMessage('fail')).toMatchObject({ task: { status: { state: 'TASK_STATE_FAILED' } } });
    const stream = client.sendStreamingMessage('sleep 60000');
    let delegated: unknown;
    for await (const event of stream) {
      delegated = 'statusUpdate' in event && event.statusUpdate.metadata?.[WORKER_TASK];
      if (typeof delegated === 'string') break;
    }
    expect((await client.cancelTask({ id: stream.taskId! })).status.state).toBe('TASK_STATE_CANCELED');
    const id = String(delegated);
    let state = '';
    while (state !== 'TASK_STATE_CANCELED') {
      ({ state } = (await worker.getTask({ id })).status);
      await sleep(10);
    }
    worker.close();
  });

  it('find the work again that they had delegated, when a turn is run again', async () => {
    const [, worker] = labs() as [A2aClient, A2aClient];
    const agent = new OrchestratorAgent(worker);
    const message = { messageId: 'm', role: 'ROLE_USER' as const, parts: [{ text: 'stream 100 64 3' }] };
    const fields = { taskId: crypto.randomUUID(), message };
    const first = agentRun(fields);
    const running = agent.execute(first.context, first.updater);
    while (first.sink.events.length < 20) await sleep(5);
    first.abort.abort(new RunAborted('drain'));
    await expect(running).rejects.toBeInstanceOf(RunAborted);

    const again = agentRun({ ...fields, attempt: 2 });
    await agent.execute(again.context, again.updater);
    const manager = new ClientTaskManager({
      task: { id: fields.taskId, contextId: '', status: { state: 'TASK_STATE_SUBMITTED' } },
    });
    for (const event of [...first.sink.events, ...again.sink.events]) manager.process(event);
    expect(textsOf(manager.getTaskOrThrow())).toEqual(chunksOf(100));
    const delegated = [first, again].map(
      ({ sink }) => JSON.stringify(sink.events[0]).match(/worker-task":"([^"]+)"/)?.[1],
    );
    expect(delegated[0]).toBeDefined();
    expect(delegated[1]).toBe(delegated[0]);
    worker.close();
  });

  it('fail with a reason when the other server cannot be reached', async () => {
    const app = await TestApp.start({
      agents: [OrchestratorAgent],
      imports: [
        A2aClientModule.forRoot({
          agents: {
            worker: { url: 'http://127.0.0.1:1/', allow: ['127.0.0.1'], limits: { openAttempts: 1, minDelayMs: 0 } },
          },
        }),
      ],
    });
    const answer = await new A2aClient(`${app.origin}/agents/orchestrator`, options).sendMessage('echo hi');
    expect(answer).toMatchObject({
      task: { status: { state: 'TASK_STATE_FAILED', message: { metadata: { reason: 'WORKER_UNREACHABLE' } } } },
    });
    await app.close();
  });
});
