import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { type LossyProxy, openLossyProxy } from '../../../test/support/lossy-proxy.js';
import { openRedis } from '../../../test/support/redis.server.js';
import { createTestDatabase } from '../../../test/support/test-database.js';
import { newId } from '../../protocol/ids.js';
import { acquainted, Hearer } from '../../testing/contracts/event-bus/bus-cluster.js';
import { until } from '../../testing/contracts/until.js';
import type { BusCarrier } from './bus-carrier.interface.js';
import { NotifyCarrier } from './notify.carrier.js';
import { RedisCarrier } from './redis.carrier.js';
import { RelayedEventBus } from './relayed.event-bus.js';

/** Short times, so that a test need not wait for what takes ten seconds in production; the limit is one that a busy machine keeps. */
const OPTIONS = { keepAliveMs: 100, limitMs: 2_000, firstDelayMs: 10, longestDelayMs: 50 };

interface Server {
  readonly url: string;
  close(): Promise<void>;
}

const BUSES = [
  {
    name: 'LISTEN/NOTIFY',
    open: async (): Promise<Server> => {
      const { url, drop } = await createTestDatabase();
      return { url, close: drop };
    },
    carrier: async (url: string): Promise<BusCarrier> => new NotifyCarrier({ connectionString: url }),
  },
  { name: 'Redis', open: openRedis, carrier: (url: string): Promise<BusCarrier> => RedisCarrier.create(url) },
];

describe.each(BUSES)('a bus over $name whose connection is lost', ({ open, carrier }) => {
  let server: Server;
  let proxy: LossyProxy;
  let shaky: RelayedEventBus;
  let sound: RelayedEventBus;
  const said: string[] = [];

  beforeEach(async () => {
    said.length = 0;
    for (const level of ['log', 'warn', 'error'] as const) {
      jest.spyOn(Logger.prototype, level).mockImplementation((message: unknown) => void said.push(String(message)));
    }
    server = await open();
    proxy = await openLossyProxy(server.url);
    shaky = new RelayedEventBus(await carrier(proxy.url), OPTIONS);
    sound = new RelayedEventBus(await carrier(server.url), OPTIONS);
  });
  afterEach(async () => {
    await Promise.all([shaky.close(), sound.close()]);
    await proxy.close();
    await server.close();
    jest.restoreAllMocks();
  });

  async function connect(): Promise<Hearer> {
    for (const bus of [shaky, sound]) bus.open();
    await acquainted([shaky, sound]);
    return new Hearer(shaky);
  }

  /** The log reports one loss and one recovery. */
  function expectSaid(reason: RegExp): void {
    expect(said).toHaveLength(2);
    expect(said[0]).toMatch(
      /is unavailable \(.+\)\. Until it is back, events of other replicas are found by polling\./,
    );
    expect(said[0]).toMatch(reason);
    expect(said[1]).toMatch(/is back/);
  }

  it('connects anew, says so once, looks at everything once, and hears again', async () => {
    const hearer = await connect();
    proxy.cut();
    await until(() => hearer.gaps > 0);
    expect(hearer.gaps).toBe(1);
    await acquainted([shaky, sound]);
    expectSaid(/./);
  });

  it('notices a connection that is open and carries nothing', async () => {
    const hearer = await connect();
    proxy.fallSilent();
    proxy.speak();
    await until(() => hearer.gaps > 0);
    await acquainted([shaky, sound]);
    expectSaid(/nothing of what this process says comes back within 2000 ms|timeout|timed out/i);
  });

  it('tries for as long as it takes, and drops what it is told meanwhile', async () => {
    const hearer = await connect();
    const others = new Hearer(sound);
    proxy.refusing = true;
    proxy.cut();
    await until(() => said.length > 0);
    const taskId = newId();
    for (let seq = 1; seq <= 100; seq++) shaky.wake([{ taskId, seq }]);
    const before = proxy.attempts;
    await until(() => proxy.attempts > before + 4);
    expect(hearer.gaps).toBe(0);
    proxy.refusing = false;
    await until(() => hearer.gaps > 0 && others.gaps > 0);
    // The others are told to check everything, not each task.
    expect(others.seqOf(taskId)).toBe(0);
    await acquainted([shaky, sound]);
    expectSaid(/./);
  });

  it('begins without a server, and is there when the server is', async () => {
    proxy.refusing = true;
    shaky.open();
    sound.open();
    const hearer = new Hearer(shaky);
    shaky.wake([{ taskId: newId(), seq: 1 }]);
    await until(() => said.length > 0);
    proxy.refusing = false;
    await until(() => hearer.gaps > 0);
    await acquainted([shaky, sound]);
    expectSaid(/./);
  });

  it('closes at once, whatever state its connection is in', async () => {
    await connect();
    said.length = 0;
    proxy.fallSilent();
    shaky.wake([{ taskId: newId(), seq: 1 }]);
    await shaky.close();
    const never = new RelayedEventBus(await carrier('postgres://nobody:secret@127.0.0.1:1/none'), OPTIONS);
    never.open();
    await never.close();
    expect(said.join()).not.toContain('secret');
  });
});
