import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AgentCard, type Message, TaskState } from '@a2a-js/sdk';
import {
  AgentEvent,
  type AgentExecutor,
  DefaultRequestHandler,
  type ExecutionEventBus,
  InMemoryTaskStore,
  type RequestContext,
} from '@a2a-js/sdk/server';
import { agentCardHandler, jsonRpcHandler, restHandler, UserBuilder } from '@a2a-js/sdk/server/express';
import express from 'express';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type StreamResponse, type Task } from '../src/index.js';
import { A2aClient, ClientTaskManager, type InterfacePreference } from '../src/client/index.js';
import { Gate } from './support/agent-of.js';
import { type LossyProxy, openLossyProxy } from './support/lossy-proxy.js';

const INTERFACES: InterfacePreference[] = [
  { binding: 'JSONRPC', version: '1.0' },
  { binding: 'HTTP+JSON', version: '1.0' },
  { binding: 'JSONRPC', version: '0.3' },
  { binding: 'HTTP+JSON', version: '0.3' },
];

const textOf = (message: Message): string => {
  const [part] = message.parts;
  return part?.content?.$case === 'text' ? part.content.value : '';
};

/** Says two words, waits for the gate of its message, says two more. */
class WordsExecutor implements AgentExecutor {
  readonly gates = new Map<string, Gate>();

  gateOf(text: string): Gate {
    const gate = this.gates.get(text) ?? new Gate();
    this.gates.set(text, gate);
    return gate;
  }

  async execute({ taskId, contextId, userMessage }: RequestContext, bus: ExecutionEventBus): Promise<void> {
    const text = textOf(userMessage);
    const ids = { taskId, contextId, metadata: undefined };
    const status = (state: TaskState) => ({ state, message: undefined, timestamp: new Date().toISOString() });
    const submitted = status(TaskState.TASK_STATE_SUBMITTED);
    bus.publish(
      AgentEvent.task({
        id: taskId,
        contextId,
        status: submitted,
        artifacts: [],
        history: [userMessage],
        metadata: undefined,
      }),
    );
    const say = (word: string, append: boolean): void => {
      const part = {
        content: { $case: 'text' as const, value: word },
        metadata: undefined,
        filename: '',
        mediaType: '',
      };
      const artifact = {
        artifactId: 'words',
        name: '',
        description: '',
        parts: [part],
        metadata: undefined,
        extensions: [],
      };
      bus.publish(AgentEvent.artifactUpdate({ ...ids, artifact, append, lastChunk: false }));
    };
    bus.publish(AgentEvent.statusUpdate({ ...ids, status: status(TaskState.TASK_STATE_WORKING) }));
    say('one', false);
    say('two', true);
    await this.gateOf(text).opened;
    say('three', true);
    say('four', true);
    bus.publish(AgentEvent.statusUpdate({ ...ids, status: status(TaskState.TASK_STATE_COMPLETED) }));
    bus.finished();
  }

  async cancelTask(): Promise<void> {}
}

const textsOf = (task: Task): string[] =>
  (task.artifacts ?? []).flatMap(({ parts }) => parts.map((part) => ('text' in part ? part.text : '')));

describe('a server made with the official SDK', () => {
  const executor = new WordsExecutor();
  let server: Server;
  let proxy: LossyProxy;

  beforeAll(async () => {
    proxy = await openLossyProxy(() => `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const interfaces = INTERFACES.map(({ binding, version }) => ({
      url: `${proxy.url}${binding === 'JSONRPC' ? 'rpc' : 'rest'}`,
      protocolBinding: binding,
      protocolVersion: version,
      tenant: '',
    }));
    const card = AgentCard.fromJSON({
      name: 'Words',
      description: 'Says four words.',
      version: '1.0.0',
      supportedInterfaces: interfaces,
      capabilities: { streaming: true },
      defaultInputModes: ['text/plain'],
      defaultOutputModes: ['text/plain'],
    });
    const requestHandler = new DefaultRequestHandler(card, new InMemoryTaskStore(), executor);
    const options = { requestHandler, userBuilder: UserBuilder.noAuthentication, legacyCompat: { enabled: true } };
    const app = express();
    app.use(
      '/.well-known/agent-card.json',
      agentCardHandler({ agentCardProvider: requestHandler, legacyCompat: { enabled: true } }),
    );
    app.use('/rpc', jsonRpcHandler(options));
    app.use('/rest', restHandler(options));
    server = app.listen(0, '127.0.0.1');
  });
  afterAll(async () => {
    await proxy.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  describe.each(INTERFACES)('called by $binding $version', (preference) => {
    let client: A2aClient;
    beforeAll(() => {
      const limits = { minDelayMs: 1, maxDelayMs: 10 };
      client = new A2aClient(proxy.url, { allow: ['127.0.0.1'], preference: [preference], limits });
    });
    afterAll(() => client.close());

    const run = `${preference.binding} ${preference.version}`;

    it('is understood', async () => {
      expect(await client.interface()).toEqual({ ...preference, resumable: false });
      const text = `send ${run}`;
      executor.gateOf(text).open();
      const answer = await client.sendMessage(text);
      const { task } = answer as { task: Task };
      expect(task.status.state).toBe('TASK_STATE_COMPLETED');
      expect(textsOf(task)).toEqual(['one', 'two', 'three', 'four']);
      expect(textsOf(await client.getTask({ id: task.id }))).toEqual(textsOf(task));
      await expect(client.getTask({ id: crypto.randomUUID() })).rejects.toMatchObject({ reason: 'TASK_NOT_FOUND' });
    });

    it('streams', async () => {
      const text = `stream ${run}`;
      executor.gateOf(text).open();
      const result = await client.sendStreamingMessage(text).result();
      expect(textsOf((result as { task: Task }).task)).toEqual(['one', 'two', 'three', 'four']);
    });

    it('gives the Task as it is after a cut, and goes on from there', async () => {
      const text = `cut ${run}`;
      const stream = client.sendStreamingMessage(text);
      const events: StreamResponse[] = [];
      for await (const event of stream) {
        events.push(event);
        const said = events.flatMap((each) => ('artifactUpdate' in each ? each.artifactUpdate.artifact.parts : []));
        if (said.length === 2 && stream.reconnects === 0) proxy.cut();
        if ('task' in event && events.length > 1) executor.gateOf(text).open();
      }
      expect(stream.reconnects).toBeGreaterThan(0);
      expect(events.filter((event) => 'task' in event)).toHaveLength(2);
      const manager = new ClientTaskManager();
      for (const event of events) manager.process(event);
      expect(textsOf(manager.getTaskOrThrow())).toEqual(['one', 'two', 'three', 'four']);
      expect(manager.getTask()?.status.state).toBe('TASK_STATE_COMPLETED');
    });
  });
});
