import { describe, expect, it } from '@jest/globals';
import { Message, SendMessageRequest, StreamResponse, Task } from '@a2a-js/sdk';
import { LegacyRestTransport } from '@a2a-js/sdk/compat/v0_3/client';
import type { SendMessageRequest as CanonicalRequest, StreamResponse as CanonicalResponse } from '../model/index.js';
import { v03ProtoCodec as codec } from './v0-3-proto.codec.js';

const request: CanonicalRequest = {
  message: {
    messageId: 'm',
    contextId: 'c',
    role: 'ROLE_USER',
    parts: [{ text: 'hi' }, { raw: 'AQID', mediaType: 'a/b' }, { url: 'https://x.example/f' }, { data: { n: [1] } }],
    metadata: { k: null },
    extensions: ['urn:x'],
  },
  configuration: {
    acceptedOutputModes: ['text/plain'],
    historyLength: 3,
    returnImmediately: false,
    taskPushNotificationConfig: { id: 'p', url: 'https://hook.example', token: 'k' },
  },
};

const task = {
  id: 't',
  contextId: 'c',
  status: { state: 'TASK_STATE_CANCELED' as const, timestamp: '2026-01-02T03:04:05.000Z' },
  artifacts: [{ artifactId: 'a', name: 'n', parts: [{ text: 'x' }, { url: 'https://x.example', mediaType: 'a/b' }] }],
  history: [request.message],
};

const stream: CanonicalResponse[] = [
  { task },
  { artifactUpdate: { taskId: 't', contextId: 'c', artifact: { artifactId: 'a', parts: [{ data: { n: 1 } }] } } },
  {
    statusUpdate: {
      taskId: 't',
      contextId: 'c',
      status: { state: 'TASK_STATE_COMPLETED', timestamp: '2026-01-02T03:04:05.000Z' },
    },
  },
];

/** A transport of the SDK whose server answers `answer`, and what it was sent. */
function client(answer: () => Response): { transport: LegacyRestTransport; bodies: unknown[] } {
  const bodies: unknown[] = [];
  const fetchImpl: typeof fetch = (_url, init) => {
    if (typeof init?.body === 'string') bodies.push(JSON.parse(init.body));
    return Promise.resolve(answer());
  };
  return { transport: new LegacyRestTransport({ endpoint: 'http://agent.example', fetchImpl }), bodies };
}

const json = (body: object) => (): Response => Response.json(body);

describe('the v0.3 HTTP+JSON client of the official SDK', () => {
  it('sends requests that are decoded to what its user meant, and reads the answer', async () => {
    const { transport, bodies } = client(json(codec.encode.SendMessageResponse({ task })));
    const answer = await transport.sendMessage(SendMessageRequest.fromJSON(request));
    expect(codec.decode('SendMessage', bodies[0]).value).toEqual(request);
    expect(Task.toJSON(answer as Task)).toEqual(task);
  });

  it('reads a message for an answer', async () => {
    const message = { messageId: 'm', role: 'ROLE_AGENT' as const, parts: [{ text: 'hi' }] };
    const { transport } = client(json(codec.encode.SendMessageResponse({ message })));
    const answer = await transport.sendMessage(SendMessageRequest.fromJSON(request));
    expect(Message.toJSON(answer as Message)).toEqual(message);
  });

  it('asks without waiting by leaving blocking out', async () => {
    const { transport, bodies } = client(json(codec.encode.SendMessageResponse({ task })));
    await transport.sendMessage(
      SendMessageRequest.fromJSON({ ...request, configuration: { returnImmediately: true } }),
    );
    expect(codec.decode('SendMessage', bodies[0]).value).toMatchObject({ configuration: { returnImmediately: true } });
  });

  it('reads the events of a stream', async () => {
    const events = stream.map((event) => `data: ${JSON.stringify(codec.encode.StreamResponse(event, false))}\n\n`);
    const { transport } = client(
      () => new Response(events.join(''), { headers: { 'content-type': 'text/event-stream' } }),
    );
    const seen: unknown[] = [];
    for await (const event of transport.sendMessageStream(SendMessageRequest.fromJSON(request)))
      seen.push(StreamResponse.toJSON(event));
    expect(seen).toEqual(stream);
  });

  it('creates and reads push configs', async () => {
    const config = {
      tenant: '',
      taskId: 't',
      id: 'p',
      url: 'https://hook.example',
      token: 'k',
      authentication: { scheme: 'Bearer', credentials: 's' },
    };
    const { transport, bodies } = client(json(codec.encode.TaskPushNotificationConfig(config)));
    expect(await transport.createTaskPushNotificationConfig(config)).toEqual(config);
    expect(codec.decode('CreateTaskPushNotificationConfig', bodies[0]).value).toMatchObject({
      taskId: 't',
      id: 'p',
      url: 'https://hook.example',
      authentication: { scheme: 'Bearer', credentials: 's' },
    });
  });
});
