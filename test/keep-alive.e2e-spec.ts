import { afterEach, describe, expect, it } from '@jest/globals';
import type { IncomingMessage } from 'node:http';
import { Gate, agentOf } from './support/agent-of.js';
import { textMessage, v03Message } from './support/rpc.client.js';
import { ADAPTERS, STORAGES, TestApp } from './support/test-app.js';

const SETUPS = ADAPTERS.map((adapter, i) => ({ adapter, storage: STORAGES[i % STORAGES.length]! }));

/** Reads what comes over the wire, letter by letter. */
class ClientTransport {
  text = '';
  #changed = new Gate();
  readonly ended: Promise<void>;

  constructor(response: IncomingMessage) {
    response.setEncoding('utf8').on('data', (chunk: string) => {
      this.text += chunk;
      this.#changed.open();
    });
    this.ended = new Promise((resolve, reject) => response.on('end', resolve).on('error', reject));
  }

  async until(condition: (text: string) => boolean): Promise<void> {
    while (!condition(this.text)) {
      this.#changed = new Gate();
      await this.#changed.opened;
    }
  }

  count(piece: string): number {
    return this.text.split(piece).length - 1;
  }
}

describe.each(SETUPS)('a stream whose agent thinks for long, on $adapter with $storage', ({ adapter, storage }) => {
  let app: TestApp;
  afterEach(() => app.close());

  async function serve(token: Gate): Promise<void> {
    const agent = agentOf(async (_context, updater) => {
      await token.opened;
      await updater.addArtifact('the first token');
    });
    app = await TestApp.start({ adapter, storage, agents: [agent], http: { keepAliveMs: 25 } });
  }

  it.each([
    ['SendStreamingMessage', { message: textMessage('go') }, undefined, true],
    ['message/stream', { message: v03Message('go') }, {}, false],
  ])(
    'of %s begins at once and stays alive by comments; v1.0 numbers its events',
    async (method, params, headers, numbered) => {
      const token = new Gate();
      await serve(token);
      // The agent says nothing before `token`: the headers, and the task as it is, must be here without it.
      const { response } = await app.rpc(undefined, headers).stream(method, params);
      expect(response.statusCode).toBe(200);
      expect(response.headers['content-type']).toMatch(/^text\/event-stream/);
      expect(response.headers['cache-control']).toMatch(/no-cache/);
      expect(response.headers['x-accel-buffering']).toBe('no');
      const wire = new ClientTransport(response);
      await wire.until((text) => text.includes('\n\n'));
      const begin = numbered ? 'id: 1\ndata: ' : 'data: ';
      expect(wire.text.startsWith(`${begin}{"jsonrpc":"2.0","id":1,"result":`)).toBe(true);
      await wire.until(() => wire.count(': keep-alive\n\n') >= 3);
      expect(wire.count('data: ')).toBe(1);
      token.open();
      await wire.ended;
      const frames = wire.text.split('\n\n').filter((frame) => frame !== '' && !frame.startsWith(':'));
      expect(frames).toHaveLength(3);
      for (const [index, frame] of frames.entries())
        expect(frame.replace(/\{.*\}$/, '')).toBe(numbered ? `id: ${index + 1}\ndata: ` : 'data: ');
    },
  );

  it('E8: begins at once for who subscribes, too', async () => {
    const token = new Gate();
    await serve(token);
    const params = { message: textMessage('go'), configuration: { returnImmediately: true } };
    const { task } = await app.rpc().result<{ task: { id: string } }>('SendMessage', params);
    const { response } = await app.rpc().stream('SubscribeToTask', { id: task.id });
    const wire = new ClientTransport(response);
    await wire.until(() => wire.count(': keep-alive\n\n') >= 2);
    expect(wire.text).toMatch(/^id: 1\ndata: /);
    token.open();
    await wire.ended;
    expect(wire.count('TASK_STATE_COMPLETED')).toBe(1);
  });
});
