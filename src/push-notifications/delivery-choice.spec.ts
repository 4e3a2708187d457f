import { describe, expect, it } from '@jest/globals';
import { DeliveryChoice } from './delivery-choice.js';
import { DeliveryCapacity } from './delivery-capacity.js';
import { type PushNotificationsOptions, pushNotificationsOptions } from './push-notifications.options.js';

interface Due {
  readonly owner: string;
  readonly host: string;
  readonly dueAt: number;
  readonly name: string;
}

let times = 0;
/** `owner/host`, in the order in which they are due. */
const due = (...names: string[]): Due[] =>
  names.map((name) => {
    const [owner = '', host = ''] = name.split('/');
    return { owner, host, dueAt: ++times, name };
  });

const capacityOf = (options: Partial<PushNotificationsOptions> = {}): DeliveryCapacity =>
  new DeliveryCapacity(pushNotificationsOptions(options));
const chosen = (capacity: DeliveryCapacity, limit: number, all: readonly Due[], now = 0): string[] =>
  new DeliveryChoice(capacity, limit, now).choose(all).map(({ name }) => name);
const many = (name: string, count: number): string[] => Array<string>(count).fill(name);

/** With hosts that have answered quickly. */
function trusted(capacity: DeliveryCapacity, ...hosts: string[]): DeliveryCapacity {
  for (const host of hosts) {
    capacity.begin({ owner: 'setup', host }, -60_000)?.();
    for (let n = 0; n < 5; n++) capacity.circuit(host).answered(1);
  }
  return capacity;
}

describe('the choice among due deliveries', () => {
  it('gives owners turns, and the hosts of each', () => {
    const capacity = trusted(capacityOf(), 'x', 'y', 'z');
    const all = due(...many('ann/x', 5), ...many('ann/y', 5), ...many('bob/z', 3));
    expect(chosen(capacity, 6, all)).toEqual(['ann/x', 'bob/z', 'ann/y', 'bob/z', 'ann/x', 'bob/z']);
  });

  it('counts what is under way', () => {
    const capacity = trusted(capacityOf(), 'x', 'y', 'z');
    const ends = [0, 1].map(() => capacity.begin({ owner: 'ann', host: 'x' }, 0));
    const all = due(...many('ann/x', 2), ...many('ann/y', 2), ...many('bob/z', 2));
    expect(chosen(capacity, 4, all)).toEqual(['bob/z', 'bob/z', 'ann/y', 'ann/y']);
    for (const end of ends) end?.(true);
    expect(chosen(capacity, 2, all)).toEqual(['ann/x', 'bob/z']);
  });

  it('takes two for a host of which nothing is known, and of its owner half of those that it may have', () => {
    const capacity = capacityOf({ concurrencyPerHost: 8 });
    expect(chosen(capacity, 64, due(...many('ann/new', 9)))).toHaveLength(2);
    trusted(capacity, 'x');
    const turns = many('', 4).flatMap(() => ['ann/x', 'bob/x']);
    expect(chosen(capacity, 64, due(...many('ann/x', 9), ...many('bob/x', 9)))).toEqual(turns);
    expect(chosen(capacity, 64, due(...many('ann/x', 9)))).toHaveLength(4);
  });

  it('leaves half of all slots to hosts that answer quickly, and three quarters to other owners', () => {
    const capacity = capacityOf({ concurrency: 16 });
    const hosts = (owner: string): Due[] => due(...Array.from({ length: 20 }, (_, n) => `${owner}/${owner}-${n}`));
    expect(chosen(capacity, 16, hosts('ann'))).toHaveLength(4);
    const all = [...hosts('ann'), ...hosts('bob'), ...hosts('cat')];
    expect(chosen(capacity, 16, all)).toHaveLength(8);
    trusted(capacity, 'x');
    expect(chosen(capacity, 16, [...all, ...due(...many('dan/x', 20))])).toHaveLength(16);
  });

  it('keeps to the rates of hosts and owners, and says when more may go', () => {
    const capacity = trusted(capacityOf({ maxPerHostPerSecond: 6, maxPerOwnerPerSecond: 7 }), 'x', 'y');
    const all = due(...many('ann/x', 8), ...many('ann/y', 8));
    const choice = new DeliveryChoice(capacity, 64, 0);
    expect(choice.choose(all)).toHaveLength(7);
    expect(choice.skipped).toBe(true);
    for (let n = 0; n < 6; n++) capacity.begin({ owner: 'ann', host: 'x' }, 0)?.(true);
    const second = new DeliveryChoice(capacity, 64, 0);
    expect(second.choose(all).map(({ name }) => name)).toEqual(['ann/y']);
    expect(second.waitMs).toBeLessThanOrEqual(1000 / 6);
  });

  it('goes on from page to page', () => {
    const capacity = trusted(capacityOf(), 'x', 'y');
    const choice = new DeliveryChoice(capacity, 3, 0);
    expect(choice.choose(due(...many('ann/new', 5))).length).toBe(2);
    expect(choice.choose(due('ann/new', 'ann/x', 'ann/y')).map(({ name }) => name)).toEqual(['ann/x']);
    expect(choice.choose(due('bob/y'))).toEqual([]);
  });

  it('chooses what owes a host that is not to be called: that costs no call', () => {
    const capacity = capacityOf({ circuitFailures: 1 });
    capacity.begin({ owner: 'ann', host: 'dead' }, 0)?.(false);
    const now = performance.now();
    expect(capacity.openFor('dead', now)).toBeGreaterThan(0);
    expect(chosen(capacity, 20, due(...many('ann/dead', 30)), now)).toHaveLength(20);
  });
});
