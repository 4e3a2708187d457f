import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AgentCard, type Message, SendMessageRequest, StreamResponse, Task } from '@a2a-js/sdk';
import {
  type BeforeArgs,
  type Client,
  ClientFactory,
  ClientFactoryOptions,
  DefaultAgentCardResolver,
  JsonRpcTransportFactory,
  RestTransportFactory,
} from '@a2a-js/sdk/client';
import { GrpcTransportFactory } from '@a2a-js/sdk/client/grpc';
import { randomUUID } from 'node:crypto';
import { sdkAgent } from '../../src/sdk.js';
import * as v03 from '../support/sdk/v0-3.executors.js';
import * as v10 from '../support/sdk/v1-0.executors.js';
import { TestApp } from '../support/test-app.js';

const SDKS = { '1.0': v10, '0.3': v03 };
const BINDINGS = ['JSONRPC', 'HTTP+JSON', 'GRPC'] as const;
const CASES = (['1.0', '0.3'] as const).flatMap((sdk) => BINDINGS.map((binding) => ({ sdk, binding })));

/** Over gRPC, whose one address is in the card of the default agent, a call names its agent in the metadata. */
async function clientOf(origin: string, agent: string, binding: string): Promise<Client> {
  const transports = [new JsonRpcTransportFactory(), new RestTransportFactory(), new GrpcTransportFactory()];
  const naming = {
    before: async (args: BeforeArgs): Promise<void> => {
      const { serviceParameters } = args.options ?? {};
      args.options = { ...args.options, serviceParameters: { ...serviceParameters, 'x-a2a-agent': agent } };
    },
    after: async (): Promise<void> => {},
  };
  const clientConfig = { interceptors: [naming] };
  const options = ClientFactoryOptions.createFrom(ClientFactoryOptions.default, { transports, clientConfig });
  const at = binding === 'GRPC' ? 'hello' : agent;
  const card = await new DefaultAgentCardResolver().resolve(origin, `/agents/${at}/.well-known/agent-card.json`);
  const supportedInterfaces = card.supportedInterfaces.filter(
    ({ protocolBinding, protocolVersion }) => protocolBinding === binding && protocolVersion.startsWith('1.'),
  );
  return new ClientFactory(options).createFromAgentCard(
    AgentCard.fromJSON({ ...(AgentCard.toJSON(card) as object), supportedInterfaces }),
  );
}

const request = (text: string, more: { taskId?: string; metadata?: object; configuration?: object } = {}) => {
  const { configuration, ...message } = more;
  return SendMessageRequest.fromJSON({
    message: { messageId: randomUUID(), role: 'ROLE_USER', parts: [{ text }], ...message },
    configuration,
  });
};

/** A task in the JSON of the protocol, which is shorter to look at. */
interface TaskJson {
  id: string;
  status: { state: string; message?: { parts: { text: string }[] } };
  artifacts?: { artifactId: string; parts: { text: string }[] }[];
  history?: { role: string; parts: { text: string }[] }[];
  metadata?: object;
}
const json = (result: Task | Message): TaskJson => Task.toJSON(result as Task) as TaskJson;
const artifactsOf = ({ artifacts = [] }: TaskJson): Record<string, string> =>
  Object.fromEntries(artifacts.map(({ artifactId, parts }) => [artifactId, parts.map(({ text }) => text).join('')]));
const historyOf = ({ history = [] }: TaskJson): string[] =>
  history.map(({ role, parts }) => `${role.slice(5)} ${parts.map(({ text }) => text).join('')}`);

describe.each(CASES)('an executor for the SDK $sdk, called over $binding', ({ sdk, binding }) => {
  const { HelloExecutor, StepsExecutor, AskingExecutor, cardOf } = SDKS[sdk];
  const slow = new StepsExecutor(100);
  let app: TestApp;
  const client = (agent: string): Promise<Client> => clientOf(app.origin, agent, binding);

  beforeAll(async () => {
    app = await TestApp.start({
      grpc: { port: 0, authenticate: 'anonymous' },
      agents: [
        sdkAgent({ id: 'hello', executor: new HelloExecutor(), card: cardOf('Hello'), default: true }),
        sdkAgent({ id: 'steps', executor: new StepsExecutor(), card: cardOf('Steps') }),
        sdkAgent({ id: 'stored', executor: new StepsExecutor(), card: cardOf('Stored'), replies: 'task' }),
        sdkAgent({ id: 'slow', executor: slow, card: cardOf('Slow') }),
        sdkAgent({ id: 'asking', executor: AskingExecutor, card: cardOf('Asking') }),
        AskingExecutor,
      ],
    });
  });
  afterAll(() => app.close());

  it('answers with a bare Message', async () => {
    const answer = (await (await client('hello')).sendMessage(request('hi'))) as Message;
    expect(v10.textOf(answer)).toBe('Hello from nobody of no tenant');
  });

  it.each(['steps', 'stored'])('runs its task to the end (%s)', async (agent) => {
    const task = json(await (await client(agent)).sendMessage(request('one two', { metadata: { goal: 'x' } })));
    expect(task.status.state).toBe('TASK_STATE_COMPLETED');
    expect(artifactsOf(task)).toEqual({ result: 'You said: one two ' });
    expect(historyOf(task)).toEqual(['USER one two', 'AGENT Working on it']);
    expect(task.metadata).toEqual({ goal: 'x' });
  });

  it('streams what it publishes, the submitted task once', async () => {
    const events: string[] = [];
    for await (const event of (await client('steps')).sendMessageStream(request('one'))) {
      const [[kind, value] = []] = Object.entries(StreamResponse.toJSON(event) as Record<string, TaskJson>);
      events.push(kind === 'artifactUpdate' ? kind : `${kind} ${value?.status.state.slice(11)}`);
    }
    expect(events).toEqual([
      'task SUBMITTED',
      'statusUpdate WORKING',
      ...Array<string>(3).fill('artifactUpdate'),
      'statusUpdate COMPLETED',
    ]);
  });

  it('asks, sees the question and its own artifacts in the follow-up, and ends with a whole Task', async () => {
    const asking = await client('asking');
    const asked = json(await asking.sendMessage(request('Pizza')));
    expect(asked.status.state).toBe('TASK_STATE_INPUT_REQUIRED');
    expect(artifactsOf(asked)).toEqual({ order: 'Pizza' });
    const events = [];
    for await (const event of asking.sendMessageStream(request('large', { taskId: asked.id })))
      events.push(Object.keys(StreamResponse.toJSON(event) as object)[0]);
    // The task, then that it works: the Task that it publishes again says nothing new. Then its reply, the new artifact, the end.
    expect(events.slice(-3)).toEqual(['statusUpdate', 'artifactUpdate', 'statusUpdate']);
    const ended = json(await asking.getTask({ id: asked.id, tenant: '', historyLength: undefined }));
    expect(ended.status.state).toBe('TASK_STATE_COMPLETED');
    expect(artifactsOf(ended)).toEqual({
      order: 'Pizza',
      receipt: 'Pizza, large (TASK_STATE_INPUT_REQUIRED: Which size?)',
    });
    expect(historyOf(ended)).toEqual(['USER Pizza', 'AGENT Which size?', 'USER large', 'AGENT Ordered']);
  });

  it('is canceled in its own words', async () => {
    const steps = await client('slow');
    const begun = json(await steps.sendMessage(request('one', { configuration: { returnImmediately: true } })));
    const canceled = json(await steps.cancelTask({ id: begun.id, tenant: '', metadata: undefined }));
    expect(canceled.status).toMatchObject({
      state: 'TASK_STATE_CANCELED',
      message: { parts: [{ text: 'Cancelled by the user' }] },
    });
    expect(slow.cancelled).toEqual(new Set());
  });

  it('has its own card, with the addresses of this server', async () => {
    const card = await new DefaultAgentCardResolver().resolve(app.origin, '/agents/hello/.well-known/agent-card.json');
    expect(card).toMatchObject({
      name: 'Hello',
      description: 'An agent called Hello',
      version: '2.0.0',
      provider: { organization: 'A2A Samples', url: 'https://example.com' },
      capabilities: { streaming: true, pushNotifications: false },
      defaultInputModes: ['text/plain'],
      defaultOutputModes: ['text/plain'],
      skills: [{ id: 'sample', examples: ['hello'], tags: ['sample'] }],
    });
    expect(card.supportedInterfaces.map(({ url }) => url).join(' ')).not.toMatch(/:4000|:41241/);
  });
});
