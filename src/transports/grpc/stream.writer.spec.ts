import { describe, expect, it } from '@jest/globals';
import type { ServerWritableStream } from '@grpc/grpc-js';
import { Writable } from 'node:stream';
import { setImmediate as nextLoop } from 'node:timers/promises';
import type { HeldBytes } from '../../common/byte-budget.js';
import { clientLimits } from '../../../test/support/transport-app.js';
import { held } from '../over-budget.js';
import { StreamWriter } from './stream.writer.js';

type Call = ServerWritableStream<Buffer, Buffer>;

/** A call whose connection takes a message when the test says so. */
class SlowCall extends Writable {
  cancelled = false;
  readonly taken: string[] = [];
  #take?: () => void;

  constructor() {
    super({ objectMode: true });
  }

  override _write(message: Buffer, _encoding: string, done: () => void): void {
    this.#take = () => {
      this.taken.push(String(message));
      done();
    };
  }

  async takeOne(): Promise<void> {
    this.#take?.();
    await nextLoop();
  }

  /** As the library does it. */
  cancel(): void {
    this.cancelled = true;
    this.emit('cancelled', 'cancelled');
    this.destroy();
  }
}

class Source {
  pulled = 0;
  closed = false;

  constructor(private readonly batches: string[][]) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<string[]> {
    try {
      for (const batch of this.batches) {
        this.pulled++;
        yield batch;
      }
    } finally {
      this.closed = true;
    }
  }
}

const limits = clientLimits({ maxBufferedBytes: 1 << 20 });
/** As the call of some client. */
const taken = {
  hold: (bytes: number): HeldBytes => held(limits.budget.acquire('a', bytes)),
  watchTaking: () => () => undefined,
};

const pump = (call: SlowCall, source: AsyncIterable<string[]>): Promise<void> =>
  new StreamWriter(call as unknown as Call, taken).pump(source, (batch) => batch.map((text) => Buffer.from(text)));

describe('the writer of a gRPC stream', () => {
  it('asks for a batch when the last one has been taken, message by message, in order', async () => {
    const call = new SlowCall();
    const source = new Source([['a', 'b'], [], ['c']]);
    const done = pump(call, source);
    await nextLoop();
    expect(source.pulled).toBe(1);
    await call.takeOne();
    expect([call.taken, source.pulled]).toEqual([['a'], 1]);
    await call.takeOne();
    expect([call.taken, source.pulled]).toEqual([['a', 'b'], 3]);
    await call.takeOne();
    await done;
    expect(call.taken).toEqual(['a', 'b', 'c']);
    expect(source.closed).toBe(true);
    expect(limits.budget.held()).toBe(0);
  });

  it('counts what was not taken yet, and ends with an error when there is no room for it', async () => {
    const call = new SlowCall();
    const done = pump(call, new Source([['abc', 'de'], ['f']]));
    await nextLoop();
    expect(limits.budget.held('a')).toBe(5);
    const full = limits.budget.hold('b', 2 << 20);
    const refused = expect(done).rejects.toMatchObject({ reason: 'OVERLOADED', retryAfter: 5 });
    await call.takeOne();
    await call.takeOne();
    await refused;
    full.release();
    expect(limits.budget.held()).toBe(0);
  });

  it('closes the stream of a client that leaves while nothing is taken', async () => {
    const call = new SlowCall();
    const source = new Source([['a', 'b'], ['c']]);
    const done = pump(call, source);
    await nextLoop();
    call.cancel();
    await done;
    expect([source.pulled, source.closed]).toEqual([1, true]);
  });

  it('closes the stream of a client that had left before', async () => {
    const call = new SlowCall();
    call.cancel();
    const source = new Source([['a'], ['b']]);
    await pump(call, source);
    expect(source.closed).toBe(true);
    expect(source.pulled).toBeLessThanOrEqual(1);
  });

  it('rejects with what the stream throws, and leaves no listener behind', async () => {
    const call = new SlowCall();
    const failing: AsyncIterable<string[]> = {
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('the log is gone')) }),
    };
    await expect(pump(call, failing)).rejects.toThrow('the log is gone');
    expect([call.listenerCount('cancelled'), call.listenerCount('close')]).toEqual([0, 0]);
  });
});
