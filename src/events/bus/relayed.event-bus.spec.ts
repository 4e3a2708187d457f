import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { TaskWake } from '../event-bus.interface.js';
import type { BusCarrier, CarrierEvents, CarrierSession } from './bus-carrier.interface.js';
import { type BusMessage, decodeMessage } from './bus-message.js';
import { RelayedEventBus } from './relayed.event-bus.js';

const KEEP_ALIVE_MS = 1_000;
const LIMIT_MS = 500;

/** A wire between all that connect. A test can cut it, stop its delivery, or delay it. */
class TestWire {
  readonly #ends = new Set<CarrierEvents>();
  /** Every message that was sent. */
  readonly sent: BusMessage[] = [];
  sends = 0;
  attempts = 0;
  away = false;
  deaf = false;
  sendMs = 0;

  carrier(maxBytes = 1_000): BusCarrier {
    const connect = async (events: CarrierEvents): Promise<CarrierSession> => {
      this.attempts += 1;
      if (this.away) throw new Error('nobody there');
      this.#ends.add(events);
      const cut = (): void => void this.#ends.delete(events);
      return { send: (texts) => this.#send(texts), close: async () => cut(), cut };
    };
    return { name: 'Test wire', maxBytes, paceMs: 0, connect };
  }

  cut(): void {
    for (const end of this.#ends) end.lost(new Error('cut'));
  }

  /** What was sent, in short: the wakes' heads and the other messages. */
  get said(): unknown[] {
    return this.sent.map((message) => ('wake' in message ? message.wake : message.say));
  }

  async #send(texts: readonly string[]): Promise<void> {
    this.sends += 1;
    if (this.sendMs > 0) await new Promise((resolve) => setTimeout(resolve, this.sendMs));
    if (this.away) throw new Error('nobody there');
    for (const text of texts) {
      const message = decodeMessage(text);
      if (message) this.sent.push(message);
      if (!this.deaf) for (const end of this.#ends) end.heard(text);
    }
  }
}

describe('RelayedEventBus', () => {
  let wire: TestWire;
  let buses: RelayedEventBus[];
  let warn: jest.SpiedFunction<Logger['warn']>;
  const heads = (...seqs: number[]): TaskWake[] => seqs.map((seq) => ({ taskId: 'a', seq }));

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['performance', 'nextTick', 'setImmediate'] });
    warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    jest.spyOn(Logger.prototype, 'log').mockImplementation(() => undefined);
    wire = new TestWire();
    buses = [];
  });
  afterEach(async () => {
    wire.sendMs = 0;
    for (const bus of buses) await bus.close();
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  const pass = (ms = 0): Promise<void> => jest.advanceTimersByTimeAsync(ms);

  /** Lets work that waits for an event loop turn continue. */
  async function settle(): Promise<void> {
    for (let turns = 0; turns < 5; turns++) {
      await new Promise((resolve) => setImmediate(resolve));
      await pass();
    }
  }

  async function join(maxBytes?: number): Promise<RelayedEventBus> {
    const options = { keepAliveMs: KEEP_ALIVE_MS, limitMs: LIMIT_MS, firstDelayMs: 100, longestDelayMs: 400 };
    const bus = new RelayedEventBus(wire.carrier(maxBytes), options);
    buses.push(bus);
    bus.open();
    await settle();
    return bus;
  }

  function listen(bus: RelayedEventBus): { heard: TaskWake[][]; gaps: number } {
    const ear = { heard: [] as TaskWake[][], gaps: 0 };
    bus.onWake((heard) => ear.heard.push([...heard]));
    bus.onGap(() => (ear.gaps += 1));
    return ear;
  }

  it('sends nothing while it is alone, and does not hear itself', async () => {
    const one = await join();
    const ear = listen(one);
    wire.sent.length = 0;
    one.wake(heads(1));
    await settle();
    expect(wire.sent).toEqual([]);
    await join();
    one.wake(heads(2));
    await settle();
    expect(wire.said).toContainEqual(heads(2));
    expect(ear.heard).toEqual([]);
  });

  it('tells those who were there before it, as soon as it is there', async () => {
    const ears = [listen(await join()), listen(await join())];
    const newcomer = await join();
    newcomer.wake(heads(1));
    await settle();
    expect(ears.map(({ heard }) => heard)).toEqual([[heads(1)], [heads(1)]]);
  });

  it('stops sending when the other has left, or was not heard for long', async () => {
    const one = await join();
    const two = await join();
    await two.close();
    const three = await join();
    jest.spyOn(performance, 'now').mockReturnValue(performance.now() + KEEP_ALIVE_MS * 4);
    wire.sent.length = 0;
    one.wake(heads(1));
    await settle();
    expect(wire.said).toEqual([]);
    three.wake(heads(2));
    await three.close();
  });

  it('puts together what comes while it sends', async () => {
    const one = await join();
    const ear = listen(await join());
    wire.sendMs = 50;
    for (let seq = 1; seq <= 20; seq++) {
      one.wake(heads(seq));
      await settle();
    }
    wire.sends = 0;
    await pass(50);
    await settle();
    await pass(50);
    await settle();
    expect(ear.heard).toEqual([heads(1), heads(20)]);
    expect(wire.sends).toBe(1);
  });

  it('splits what does not fit into one text', async () => {
    const one = await join(200);
    const ear = listen(await join());
    const many = Array.from({ length: 50 }, (_, index) => ({ taskId: `task-${index}`, seq: index }));
    one.wake(many);
    await settle();
    expect(ear.heard.length).toBeGreaterThan(3);
    expect(ear.heard.flat()).toEqual(many);
    expect(wire.sends).toBeLessThan(10);
  });

  it('tells all to look at everything when there is too much to tell', async () => {
    const one = await join();
    const ear = listen(await join());
    one.wake(Array.from({ length: 10_001 }, (_, index) => ({ taskId: `task-${index}`, seq: 1 })));
    await settle();
    expect([ear.heard, ear.gaps]).toEqual([[], 1]);
  });

  it('drops notifications while the bus is disconnected, and has all readers read again when it is connected', async () => {
    const one = await join();
    const two = await join();
    const [mine, theirs] = [listen(one), listen(two)];
    wire.away = true;
    wire.cut();
    for (let seq = 1; seq <= 5; seq++) one.wake(heads(seq));
    await pass(1_000);
    expect([mine.gaps, theirs.gaps]).toEqual([0, 0]);
    wire.away = false;
    await pass(1_000);
    await settle();
    // Once for its own reconnect, and once because the other could not report.
    expect([mine.gaps, theirs.gaps >= 1]).toEqual([1, true]);
    expect([mine.heard, theirs.heard]).toEqual([[], []]);
    expect(warn).toHaveBeenCalledTimes(2);
    one.wake(heads(6));
    await settle();
    expect(theirs.heard).toEqual([heads(6)]);
  });

  it('reconnects with growing pauses, and logs the failure once', async () => {
    wire.away = true;
    await join();
    await pass(60_000);
    // From 50 to 100 ms at first, from 200 to 400 ms soon.
    expect(wire.attempts).toBeGreaterThan(60_000 / 400);
    expect(wire.attempts).toBeLessThan(60_000 / 200 + 5);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]?.[0]).toContain('Test wire is unavailable (nobody there)');
  });

  it('takes a connection on which it does not hear itself for none, and says what may be the cause', async () => {
    wire.deaf = true;
    const one = await join();
    const ear = listen(one);
    await pass(LIMIT_MS);
    expect(warn.mock.calls[0]?.[0]).toMatch(/comes back within 500 ms.*pooler/);
    wire.deaf = false;
    await pass(LIMIT_MS + 400);
    expect(ear.gaps).toBe(1);
  });

  it('notices by its keep-alive that a connection went deaf', async () => {
    const one = await join();
    const ear = listen(one);
    wire.deaf = true;
    await pass(KEEP_ALIVE_MS + LIMIT_MS - 1);
    expect(warn).not.toHaveBeenCalled();
    await pass(1);
    expect(warn).toHaveBeenCalledTimes(1);
    wire.deaf = false;
    await pass(1_000);
    expect(ear.gaps).toBe(1);
  });

  it('sends what waits before it closes, and says goodbye', async () => {
    const one = await join();
    const ear = listen(await join());
    one.wake(heads(1));
    await one.close();
    expect(ear.heard).toEqual([heads(1)]);
    expect(wire.said.at(-1)).toBe('bye');
    one.wake(heads(2));
    await one.close();
    await settle();
    expect(ear.heard).toEqual([heads(1)]);
  });

  it('ignores what it does not understand', async () => {
    const ear = listen(await join());
    const { send } = await wire.carrier().connect({ heard: () => undefined, lost: () => undefined }, LIMIT_MS);
    const texts = [
      '{"from":"x","wake":[["a"],["b",-1],["c","1"],[4,4],null,["d",1.5],["e",5]]}',
      '{"from":"x","wake":{}}',
    ];
    await send([...texts, '{"from":"x","say":"what?"}', '{"from":"x","wake":[]}']);
    expect(ear.heard).toEqual([[{ taskId: 'e', seq: 5 }]]);
  });
});
