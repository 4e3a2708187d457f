import { describe, expect, it } from '@jest/globals';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DirectSource } from '../../events/direct-source.interface.js';
import { EventPump, type EventSink } from './event.pump.js';

type Batch = readonly string[];

/** Takes each event in a microtask, and records the event loop turn in which it came. */
class Sink implements EventSink<string> {
  readonly events: string[] = [];
  readonly turns: number[] = [];
  begun = 0;
  gone = false;
  goneAfter = Infinity;
  refuse?: Error;
  #turn = 0;

  constructor() {
    const count = (): void => void (this.#turn++, setImmediate(count).unref());
    count();
  }

  begin(): void {
    this.begun++;
  }

  write(event: string, taken: () => void, refused: (error: unknown) => void): void {
    this.events.push(event);
    this.turns.push(this.#turn);
    this.gone = this.events.length >= this.goneAfter;
    queueMicrotask(() => (this.refuse ? refused(this.refuse) : taken()));
  }
}

/** A stream like that of a cursor: `next` begins it, then what was added can be taken. */
class Source implements AsyncIterableIterator<Batch>, DirectSource<Batch> {
  nexts = 0;
  returned = 0;
  #batches: Batch[] = [];
  #listener?: () => void;
  #over = false;

  add(...events: string[]): void {
    this.#batches.push(events);
    this.#heard();
  }

  end(): void {
    this.#over = true;
    this.#heard();
  }

  async next(): Promise<IteratorResult<Batch>> {
    this.nexts++;
    return this.nexts === 1 ? { done: false, value: ['begin'] } : { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<Batch>> {
    this.returned++;
    return { done: true, value: undefined };
  }

  take(): Batch | undefined {
    return this.nexts === 0 ? undefined : this.#batches.shift();
  }

  whenMore(listener: () => void): boolean {
    if (this.nexts === 0 || this.#over) return false;
    this.#listener = listener;
    if (this.#batches.length > 0) this.#heard();
    return true;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #heard(): void {
    const listener = this.#listener;
    this.#listener = undefined;
    listener?.();
  }
}

const pump = (stream: AsyncIterable<Batch>, sink: Sink): EventPump<Batch, string> =>
  new EventPump(stream, (batch) => batch, sink);

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await nextTurn();
}

describe('EventPump', () => {
  it('writes each event of each batch in a turn of its own, in order', async () => {
    const sink = new Sink();
    async function* stream(): AsyncGenerator<Batch> {
      yield ['1', '2', '3'];
      yield ['4'];
      yield ['5', '6'];
    }
    await pump(stream(), sink).run();
    expect(sink.events).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(new Set(sink.turns).size).toBe(6);
  });

  it('takes what is there without asking for it, and waits without a promise', async () => {
    const [sink, source] = [new Sink(), new Source()];
    let ended = false;
    const done = pump(source, sink)
      .run()
      .then(() => (ended = true));
    await turns(5);
    expect(sink.events).toEqual(['begin']);
    source.add('1', '2');
    source.add('3');
    await turns(10);
    source.add('4');
    await turns(10);
    expect([sink.events, source.nexts, ended]).toEqual([['begin', '1', '2', '3', '4'], 1, false]);
    source.end();
    await done;
    expect([source.nexts, new Set(sink.turns).size]).toEqual([2, 5]);
  });

  it('keeps nothing of a batch that was written', async () => {
    const [sink, source] = [new Sink(), new Source()];
    const running = pump(source, sink);
    const done = running.run();
    source.add('1', '2');
    await turns(10);
    expect([sink.events.length, running.batch]).toEqual([3, []]);
    source.end();
    await done;
  });

  it('closes the stream when nobody takes it any more', async () => {
    const [sink, source] = [new Sink(), new Source()];
    sink.goneAfter = 2;
    source.add('1', '2', '3');
    await pump(source, sink).run();
    expect([sink.events, source.returned]).toEqual([['begin', '1'], 1]);
  });

  it('says for an empty batch that the stream has begun', async () => {
    const sink = new Sink();
    async function* stream(): AsyncGenerator<Batch> {
      yield [];
      yield ['1'];
    }
    await pump(stream(), sink).run();
    expect([sink.begun, sink.events]).toEqual([1, ['1']]);
  });

  it('rejects with what the stream throws, after what it gave', async () => {
    const sink = new Sink();
    async function* stream(): AsyncGenerator<Batch> {
      yield ['1'];
      throw new Error('broken');
    }
    await expect(pump(stream(), sink).run()).rejects.toThrow('broken');
    expect(sink.events).toEqual(['1']);
  });

  it('closes the stream and rejects when an event is refused, or cannot be made', async () => {
    const [sink, refused, unmade] = [new Sink(), new Source(), new Source()];
    sink.refuse = new Error('full');
    await expect(pump(refused, sink).run()).rejects.toThrow('full');
    const fail = (): string[] => {
      throw new Error('not text');
    };
    await expect(new EventPump<Batch, string>(unmade, fail, new Sink()).run()).rejects.toThrow('not text');
    expect([refused.returned, unmade.returned]).toEqual([1, 1]);
  });
});
