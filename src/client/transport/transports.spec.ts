import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonCodec } from '../../protocol/codec.interface.js';
import type { SendMessageRequest, StreamResponse } from '../../protocol/model/index.js';
import { v03Codec } from '../../protocol/v0-3/index.js';
import { v03ProtoCodec } from '../../protocol/v0-3-proto/index.js';
import { v10Codec } from '../../protocol/v1-0/index.js';
import { hostileJson, sendMessageRequest, streamResponse, task } from '../../testing/arbitraries/index.js';
import { A2AClientError } from '../errors/client.errors.js';
import { JsonRpcTransport } from './json-rpc.transport.js';
import { RestTransport } from './rest.transport.js';
import type { ClientTransport } from './transport.interface.js';

interface Setup {
  readonly name: string;
  readonly wire: ClientTransport;
  readonly codec: JsonCodec;
}

const URL = 'https://agents.example/a';
const SETUPS: Setup[] = [
  { name: 'JSON-RPC v1.0', wire: new JsonRpcTransport(URL, '1.0'), codec: v10Codec },
  { name: 'JSON-RPC v0.3', wire: new JsonRpcTransport(URL, '0.3'), codec: v03Codec },
  { name: 'HTTP+JSON v1.0', wire: new RestTransport(URL, '1.0'), codec: v10Codec },
  { name: 'HTTP+JSON v0.3', wire: new RestTransport(URL, '0.3'), codec: v03ProtoCodec },
];

/** What the v0.3 proto has no member for, and strings that it cannot tell from absent ones. */
function comparable<T>(value: T, { name }: Setup): T {
  if (name !== 'HTTP+JSON v0.3') return value;
  return JSON.parse(JSON.stringify(value), (key, member: unknown) => {
    if (key === 'referenceTaskIds') return undefined;
    return ['filename', 'mediaType', 'token'].includes(key) && member === '' ? undefined : member;
  }) as T;
}

describe.each(SETUPS)('the client of $name', (setup) => {
  const { wire, codec } = setup;
  const isRpc = wire.binding === 'JSONRPC';
  const paramsOf = (body: string): unknown => {
    const parsed = JSON.parse(body) as { params: unknown };
    return isRpc ? parsed.params : parsed;
  };
  const answered = (id: string | undefined, value: unknown): string =>
    JSON.stringify(isRpc ? { jsonrpc: '2.0', id, result: value } : value);

  it('sends what the server understands', () => {
    fc.assert(
      fc.property(sendMessageRequest(), (given) => {
        const { tenant: _tenant, ...request } = given;
        const { body } = wire.request('SendMessage', request);
        const { value } = codec.decode('SendMessage', paramsOf(body!)) as { value: SendMessageRequest };
        // v0.3 always says whether to wait.
        const waits = wire.version === '0.3' && {
          configuration: { returnImmediately: false, ...request.configuration },
        };
        const understood = JSON.parse(JSON.stringify(value)) as SendMessageRequest;
        delete understood.configuration?.taskPushNotificationConfig?.authentication?.schemes;
        expect(comparable(understood, setup)).toEqual(comparable({ ...request, ...waits }, setup));
      }),
      { numRuns: 100 },
    );
  });

  it('understands what the server answers', () => {
    fc.assert(
      fc.property(streamResponse(), task(), (event, answer) => {
        const streaming = wire.request('SendStreamingMessage', {
          message: { messageId: 'm', role: 'ROLE_USER', parts: [] },
        });
        const data = answered(streaming.id, codec.encode.StreamResponse(event, false));
        expect(comparable(wire.event('SendStreamingMessage', streaming, 'message', data), setup)).toEqual(
          comparable(event, setup),
        );
        const getting = wire.request('GetTask', { id: 't' });
        const text = answered(getting.id, codec.encode.Task(answer));
        expect(comparable(wire.answer('GetTask', getting, 200, text), setup)).toEqual(comparable(answer, setup));
      }),
      { numRuns: 100 },
    );
  });

  it('takes nothing that is not of the protocol, whatever comes', () => {
    const streaming = wire.request('SubscribeToTask', { id: 't' });
    fc.assert(
      fc.property(hostileJson(), fc.integer({ min: 200, max: 599 }), (value, status) => {
        for (const text of [answered(streaming.id, value), JSON.stringify(value), 'no JSON']) {
          try {
            const event: StreamResponse = wire.answer('SubscribeToTask', streaming, status, text);
            expect(Object.keys(event)).toHaveLength(1);
          } catch (error) {
            expect(error).toBeInstanceOf(A2AClientError);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it('asks for push notifications as the server understands it', () => {
    const config = {
      taskId: 't',
      id: 'p',
      url: 'https://hook.example',
      token: 'x',
      authentication: { scheme: 'Bearer', credentials: 'y' },
    };
    const { body, id } = wire.request('CreateTaskPushNotificationConfig', config);
    const { value } = codec.decode('CreateTaskPushNotificationConfig', paramsOf(body!));
    expect(value).toMatchObject(config);
    const answer = answered(id, codec.encode.TaskPushNotificationConfig(config));
    const request = wire.request('GetTaskPushNotificationConfig', { taskId: 't', id: 'p' });
    const own = isRpc ? answered(request.id, codec.encode.TaskPushNotificationConfig(config)) : answer;
    expect(wire.answer('GetTaskPushNotificationConfig', request, 200, own)).toMatchObject(config);
    const listing = wire.request('ListTaskPushNotificationConfigs', { taskId: 't' });
    const list = codec.encode.ListTaskPushNotificationConfigsResponse({ configs: [config], nextPageToken: '' });
    expect(wire.answer('ListTaskPushNotificationConfigs', listing, 200, answered(listing.id, list))).toMatchObject({
      configs: [config],
      nextPageToken: '',
    });
    const deleting = wire.request('DeleteTaskPushNotificationConfig', { taskId: 't', id: 'p' });
    expect(wire.answer('DeleteTaskPushNotificationConfig', deleting, 200, answered(deleting.id, null))).toBeUndefined();
  });

  it('reads cards for those who are logged in', () => {
    const request = wire.request('GetExtendedAgentCard', {});
    const supportedInterfaces = [{ url: URL, protocolBinding: 'JSONRPC', protocolVersion: '0.3' }];
    const card = {
      name: 'a',
      description: 'd',
      version: '1',
      supportedInterfaces,
      capabilities: {},
      defaultInputModes: [],
      defaultOutputModes: [],
      skills: [],
    };
    const answer = wire.answer(
      'GetExtendedAgentCard',
      request,
      200,
      answered(request.id, codec.encode.AgentCard(card)),
    );
    expect(answer).toMatchObject({ name: 'a', supportedInterfaces });
  });
});
