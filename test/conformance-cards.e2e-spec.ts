import { describe, expect, it } from '@jest/globals';
import { REQUIRED_EXTENSION } from '../examples/conformance/conformance-card.js';
import { ConformanceProgram } from './support/conformance.program.js';
import { RpcClient, V10 } from './support/rpc.client.js';
import { cardOf, tckId, tckMessage } from './support/tck.js';

describe('npm run start:conformance with another card', () => {
  it('--card=all-off declares nothing and refuses what it does not declare', async () => {
    const program = await ConformanceProgram.start(['--card=all-off'], { STORE: 'memory' });
    try {
      const { card } = await cardOf(program.origin, V10);
      expect(card['capabilities']).toEqual({ streaming: false, pushNotifications: false, extendedAgentCard: false });
      const client = new RpcClient(`${program.origin}/`, V10);
      const reasonOf = async (method: string, params: object): Promise<unknown> => {
        const { error } = await client.call(method, params);
        return (error?.data as { reason: string }[] | undefined)?.[0]?.reason;
      };
      const message = tckMessage('cap-stream');
      expect(await reasonOf('SendStreamingMessage', { message })).toBe('UNSUPPORTED_OPERATION');
      expect(await reasonOf('SubscribeToTask', { id: 'x' })).toBe('UNSUPPORTED_OPERATION');
      expect(await reasonOf('GetExtendedAgentCard', {})).toBe('UNSUPPORTED_OPERATION');
      const config = { taskId: tckId('push'), url: 'https://example.com/webhook' };
      expect(await reasonOf('CreateTaskPushNotificationConfig', config)).toBe('PUSH_NOTIFICATION_NOT_SUPPORTED');
      const params = { taskId: 'x', pushNotificationConfig: { url: 'https://example.com/webhook' } };
      const old = await new RpcClient(`${program.origin}/`, {}).call('tasks/pushNotificationConfig/set', params);
      // The v0.3 suite looks for these words.
      expect(old.error?.code).toBe(-32003);
      for (const word of ['push', 'notification', 'not', 'supported']) {
        expect(old.error?.message.toLowerCase()).toContain(word);
      }
    } finally {
      await program.stop();
    }
  });

  it.each(['1.0', '0.3'])(
    '--suite=%s serves the card of that version alone',
    async (suite) => {
      const program = await ConformanceProgram.start([`--suite=${suite}`], { STORE: 'memory' });
      try {
        const { card } = await cardOf(program.origin);
        const [has, lacks] = suite === '1.0' ? ['supportedInterfaces', 'url'] : ['url', 'supportedInterfaces'];
        expect(card).toHaveProperty(has);
        expect(card).not.toHaveProperty(lacks);
      } finally {
        await program.stop();
      }
    },
    60_000,
  );

  it('--suite=0.3 names gRPC by a URL, which that suite can read', async () => {
    const program = await ConformanceProgram.start(['--suite=0.3'], { STORE: 'memory', GRPC_PORT: '0' });
    try {
      const { card } = await cardOf(program.origin);
      const url = expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) as unknown;
      expect(card['additionalInterfaces']).toContainEqual({ url, transport: 'GRPC' });
    } finally {
      await program.stop();
    }
  });

  it('--card=required-extension refuses who does not declare the extension', async () => {
    const program = await ConformanceProgram.start(['--card=required-extension'], { STORE: 'memory' });
    try {
      const { card } = await cardOf(program.origin, V10);
      const required = expect.objectContaining({ uri: REQUIRED_EXTENSION, required: true }) as unknown;
      const extensions = expect.arrayContaining([required]) as unknown;
      expect(card['capabilities']).toMatchObject({ extensions });
      const client = new RpcClient(`${program.origin}/`, V10);
      const params = { message: tckMessage('cap-ext-004-jsonrpc') };
      expect(await client.call('SendMessage', params)).toMatchObject({ error: { code: -32008 } });
      const declared = await client.call('SendMessage', params, { 'A2A-Extensions': REQUIRED_EXTENSION });
      expect(declared.result).toHaveProperty('task');
    } finally {
      await program.stop();
    }
  });
});
