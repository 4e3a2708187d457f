import { describe, expect, it } from '@jest/globals';
import type { CallRateStore } from '../../common/call-rates/call-rate-store.interface.js';
import { SharedRateLimit } from '../../common/call-rates/shared-rate-limit.js';
import { newId } from '../../protocol/ids.js';
import type { Stores } from '../../tasks/stores.js';
import { pause } from './fixtures.js';
import { type OpenFunction, openForSuite, withPeer } from './open-suite.js';

const MINUTE_MS = 60_000;
const MINUTE_US = MINUTE_MS * 1_000;

function ratesOf({ rates }: Stores): CallRateStore {
  if (rates) return rates;
  throw new Error('The storage has no `rates` (CallRateStore). Tell a2aStorageContract so: { rates: false }.');
}

/** What every CallRateStore must do. */
export function callRateStoreContract(name: string, open: OpenFunction): void {
  describe(`CallRateStore (${name})`, () => {
    const subject = openForSuite(open);

    it('gives a budget to the first of those who change it, and shows it to all', async () => {
      const caller = `owner Ö "${newId()}`;
      await withPeer(subject(), async (peer) => {
        const rates = ratesOf(peer);
        const { fullAt, now } = await rates.read(caller);
        expect(fullAt).toBeUndefined();
        expect(Math.abs(now / 1_000 - Date.now())).toBeLessThan(MINUTE_MS);
        const after = now + MINUTE_US;
        const swaps = await Promise.all(
          Array.from({ length: 10 }, (_, n) => (n % 2 ? rates : ratesOf(subject())).swap(caller, undefined, after + n)),
        );
        expect(swaps.filter((done) => done)).toHaveLength(1);
        const stored = (await rates.read(caller)).fullAt!;
        expect(stored).toBe(after + swaps.indexOf(true));
        expect(await rates.swap(caller, undefined, after)).toBe(false);
        expect(await rates.swap(caller, stored - 1, after)).toBe(false);
        expect(await rates.swap(caller, stored, stored + 7)).toBe(true);
        expect((await ratesOf(subject()).read(caller)).fullAt).toBe(stored + 7);
        expect((await rates.read(`${caller}-else`)).fullAt).toBeUndefined();
      });
    });

    it('forgets budgets that are whole, and no others', async () => {
      const rates = ratesOf(subject());
      const [whole, used] = [newId(), newId()];
      const { now } = await rates.read(whole);
      await rates.swap(whole, undefined, now + 1_000);
      await rates.swap(used, undefined, now + MINUTE_US);
      await pause(20);
      while ((await rates.prune(100)) > 0);
      expect((await rates.read(whole)).fullAt).toBeUndefined();
      expect((await rates.read(used)).fullAt).toBe(now + MINUTE_US);
    });

    it('lets processes give a caller one budget', async () => {
      const caller = newId();
      await withPeer(subject(), async (peer) => {
        const processes = [subject(), peer].map((stores) => new SharedRateLimit(ratesOf(stores), undefined, MINUTE_MS));
        const states = await Promise.all(Array.from({ length: 60 }, (_, n) => processes[n % 2]!.take(caller, 30)));
        const served = states.filter((state) => state?.ok).length;
        // A test that takes longer than two seconds gets a call back.
        expect(served).toBeGreaterThanOrEqual(30);
        expect(served).toBeLessThan(45);
        expect(states.filter((state) => state?.ok === false && state.retryMs > 0)).toHaveLength(60 - served);
      });
    });
  });
}
