import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Task } from '../../src/protocol/model/index.js';
import { RpcClient, textMessage } from '../support/rpc.client.js';
import { figures, sized } from '../support/faults/figures.js';
import { ServicePlace } from '../support/service.place.js';

const MB = 1_000_000;
const CONNECTIONS = 300;
const TASK_BYTES = 9_800_000;
const HEAP_MB = 512;
/** Room for answers, the heap, and what the service has without both. */
const RESIDENT_LIMIT = 1_500 * MB;
const RESPONSE_IDLE_MS = sized(4_000, 30_000);
const LIMIT_MS = 300_000;

describe.each(['express', 'fastify'])(
  `${CONNECTIONS} connections that ask for a task of 9.8 MB and never read (%s)`,
  (adapter) => {
    let place: ServicePlace;
    let client: RpcClient;
    let id: string;
    const sockets: Socket[] = [];

    beforeAll(async () => {
      place = await ServicePlace.create({
        STORE: 'memory',
        HTTP_ADAPTER: adapter,
        A2A_RESPONSE_IDLE_MS: String(RESPONSE_IDLE_MS),
        NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}`,
      });
      const service = await place.start();
      client = new RpcClient(`${service.origin}/agents/lab`);
      const sent = await client.result<{ task: Task }>('SendMessage', {
        message: textMessage(`stream 1 ${TASK_BYTES}`),
      });
      expect(sent.task.status.state).toBe('TASK_STATE_COMPLETED');
      id = sent.task.id;
    }, LIMIT_MS);
    afterAll(async () => {
      for (const socket of sockets) socket.destroy();
      await place.remove();
    }, LIMIT_MS);

    it(
      'do not kill the process, are cut off, and give all they held back',
      async () => {
        const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'GetTask', params: { id } });
        const head = `POST /agents/lab HTTP/1.1\r\nHost: a\r\nA2A-Version: 1.0\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
        for (let opened = 0; opened < CONNECTIONS; opened++) {
          const socket = connect(Number(new URL(place.service.origin).port), '127.0.0.1');
          socket.on('error', () => undefined);
          sockets.push(socket);
          await once(socket, 'connect');
          // What is refused is small, and is read; the others are not.
          socket.pause().write(head + body);
        }
        let peak = 0;
        let refused = 0;
        const answers = async (): Promise<boolean> => {
          peak = Math.max(peak, place.service.residentBytes);
          const health = await fetch(`${place.service.origin}/health/live`);
          const task = await fetch(`${client.url}/tasks/${id}`, { headers: { 'A2A-Version': '1.0' } });
          await task.arrayBuffer();
          expect([200, 503]).toContain(task.status);
          if (!task.ok) refused++;
          return health.ok && task.ok;
        };
        // No room, until those that do not read have been cut off.
        while (!(await answers()) || refused === 0) await sleep(100);
        figures(`${adapter}: ${Math.round(peak / MB)} MB resident at most, ${refused} calls refused meanwhile`);
        expect(place.service.alive).toBe(true);
        expect(peak).toBeLessThan(RESIDENT_LIMIT);
      },
      LIMIT_MS,
    );
  },
);
