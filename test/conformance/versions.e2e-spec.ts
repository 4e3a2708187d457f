import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Task } from '../../src/protocol/model/index.js';
import { allOf, type ConformanceClient, message } from './support/conformance.client.js';
import { scriptAgent } from './support/script.agent.js';
import { ALL_SETUPS, ConformanceServer } from './support/setups.js';

const EXTENSION = 'urn:test:extension';
const OTHER = 'urn:test:other';

const toldBy = (task: Task): unknown => {
  const part = task.artifacts?.[0]?.parts[0];
  return part && 'text' in part ? (JSON.parse(part.text) as unknown) : undefined;
};

describe.each(ALL_SETUPS)('versions over %s', (_, setup) => {
  const { version } = setup.binding;
  let server: ConformanceServer;
  let client: ConformanceClient;
  beforeAll(async () => {
    server = await ConformanceServer.start(setup, { agents: [scriptAgent()] });
    client = server.client();
  });
  afterAll(() => server.close());

  it('J1: the agent is told in which one it is called', async () => {
    expect(toldBy(await client.send('version'))).toBe(version);
  });

  it.each(['99.0', '2.0', '0.2', '1.1', 'latest'])('J1, J3: %s is not supported', async (asked) => {
    const headers = { 'A2A-Version': asked };
    const request = { message: message('echo hi') };
    for (const operation of ['SendMessage', 'SendStreamingMessage'] as const) {
      expect(await client.failure(operation, request, headers)).toMatchObject({ reason: 'VERSION_NOT_SUPPORTED' });
    }
    expect(await client.failure('GetTask', { id: randomUUID() }, headers)).toMatchObject({
      reason: 'VERSION_NOT_SUPPORTED',
    });
  });

  it.each([`${version}.0`, `${version}.7`, `${version}.123`])('J2: %s is as good as none', async (asked) => {
    const { result } = await client.call('SendMessage', { message: message('version') }, { 'A2A-Version': asked });
    expect(toldBy((result as { task: Task }).task)).toBe(version);
  });

  if (version === '0.3')
    it('J1: an empty one is 0.3', async () => {
      const { result } = await client.call('SendMessage', { message: message('version') }, { 'A2A-Version': '' });
      expect(toldBy((result as { task: Task }).task)).toBe('0.3');
    });

  if (setup.binding.json)
    it('J9: fields that nobody knows are ignored', async () => {
      const sent = { ...message('echo hi'), unknownField: { deep: [1] } };
      const { result } = await client.call('SendMessage', { message: sent, somethingElse: true });
      const { task } = result as { task: Task };
      expect(task.status.state).toBe('TASK_STATE_COMPLETED');
      expect(JSON.stringify(await client.get(task.id))).not.toContain('unknownField');
    });
});

describe.each(ALL_SETUPS)('extensions over %s', (_, setup) => {
  const header = setup.binding.version === '0.3' ? 'X-A2A-Extensions' : 'A2A-Extensions';
  let server: ConformanceServer;
  let client: ConformanceClient;
  beforeAll(async () => {
    const extensions = [{ uri: EXTENSION }, { uri: OTHER }];
    server = await ConformanceServer.start(setup, { agents: [scriptAgent({ extensions })] });
    client = server.client();
  });
  afterAll(() => server.close());

  const asking = async (headers: Record<string, string>): Promise<unknown> => {
    const { result } = await client.call('SendMessage', { message: message('extensions') }, headers);
    return toldBy((result as { task: Task }).task);
  };

  it('H5: are not active unless they are asked for', async () => {
    expect(await asking({})).toEqual([]);
    const { headers } = await client.call('SendMessage', { message: message('echo hi') });
    expect(headers[header.toLowerCase()]).toBeUndefined();
  });

  it('H2, H3: are a list, and those that the agent does not have are ignored', async () => {
    const uris = [EXTENSION, `${OTHER}/v2`, EXTENSION.toUpperCase(), 'urn:nobody:has:it'];
    const { result, headers } = await client.call(
      'SendMessage',
      { message: message('echo hi') },
      { [header.toUpperCase()]: uris.join(' ,  ') },
    );
    expect(result).toHaveProperty('task');
    expect(headers[header.toLowerCase()]).toBe(EXTENSION);
  });

  it('H4, H7, X21: are named in the answer when they are active, also in that of a stream', async () => {
    const headers = { [header]: `${OTHER}, ${EXTENSION}` };
    const { headers: said } = await client.call('SendMessage', { message: message('echo hi') }, headers);
    const stream = await client.open('SendStreamingMessage', { message: message('echo hi') }, headers);
    await allOf(stream);
    for (const { [header.toLowerCase()]: active = '' } of [said, stream.headers]) {
      expect(active.split(', ').sort()).toEqual([EXTENSION, OTHER]);
    }
    expect(await asking(headers)).toEqual(expect.arrayContaining([OTHER, EXTENSION]));
  });
});

describe.each(ALL_SETUPS)('an agent that requires an extension, over %s', (_, setup) => {
  const header = setup.binding.version === '0.3' ? 'X-A2A-Extensions' : 'A2A-Extensions';
  let server: ConformanceServer;
  let client: ConformanceClient;
  beforeAll(async () => {
    const extensions = [{ uri: EXTENSION, required: true }];
    server = await ConformanceServer.start(setup, { agents: [scriptAgent({ extensions })] });
    client = server.client();
  });
  afterAll(() => server.close());

  it.each(['', OTHER, `${EXTENSION}/v2`])('H1, H2: refuses who declares "%s"', async (declared) => {
    const headers: Record<string, string> = declared === '' ? {} : { [header]: declared };
    const request = { message: message('echo hi') };
    for (const operation of ['SendMessage', 'SendStreamingMessage'] as const) {
      const failure = await client.failure(operation, request, headers);
      expect(failure).toMatchObject({
        reason: 'EXTENSION_SUPPORT_REQUIRED',
        message: expect.stringContaining(EXTENSION) as unknown,
      });
    }
  });

  it('H1: answers who declares it', async () => {
    const { result } = await client.call('SendMessage', { message: message('echo hi') }, { [header]: EXTENSION });
    expect(result).toMatchObject({ task: { status: { state: 'TASK_STATE_COMPLETED' } } });
  });
});
