import { describe, expect, it } from '@jest/globals';
import { DeliveryChoice } from './delivery-choice.js';
import { DeliveryRoom } from './delivery-room.js';
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

const roomOf = (options: Partial<PushNotificationsOptions> = {}): DeliveryRoom =>
  new DeliveryRoom(pushNotificationsOptions(options));
const chosen = (room: DeliveryRoom, limit: number, all: readonly Due[], now = 0): string[] =>
  new DeliveryChoice(room, limit, now).choose(all).map(({ name }) => name);
const many = (name: string, count: number): string[] => Array<string>(count).fill(name);

/** With hosts that have answered quickly. */
function trusted(room: DeliveryRoom, ...hosts: string[]): DeliveryRoom {
  for (const host of hosts) {
    room.begin({ owner: 'setup', host }, -60_000)?.();
    for (let n = 0; n < 5; n++) room.circuit(host).answered(1);
  }
  return room;
}

describe('the choice among due deliveries', () => {
  it('gives owners turns, and the hosts of each', () => {
    const room = trusted(roomOf(), 'x', 'y', 'z');
    const all = due(...many('ann/x', 5), ...many('ann/y', 5), ...many('bob/z', 3));
    expect(chosen(room, 6, all)).toEqual(['ann/x', 'bob/z', 'ann/y', 'bob/z', 'ann/x', 'bob/z']);
  });

  it('counts what is under way', () => {
    const room = trusted(roomOf(), 'x', 'y', 'z');
    const ends = [0, 1].map(() => room.begin({ owner: 'ann', host: 'x' }, 0));
    const all = due(...many('ann/x', 2), ...many('ann/y', 2), ...many('bob/z', 2));
    expect(chosen(room, 4, all)).toEqual(['bob/z', 'bob/z', 'ann/y', 'ann/y']);
    for (const end of ends) end?.(true);
    expect(chosen(room, 2, all)).toEqual(['ann/x', 'bob/z']);
  });

  it('takes two for a host of which nothing is known, and of its owner half of those that it may have', () => {
    const room = roomOf({ concurrencyPerHost: 8 });
    expect(chosen(room, 64, due(...many('ann/new', 9)))).toHaveLength(2);
    trusted(room, 'x');
    const turns = many('', 4).flatMap(() => ['ann/x', 'bob/x']);
    expect(chosen(room, 64, due(...many('ann/x', 9), ...many('bob/x', 9)))).toEqual(turns);
    expect(chosen(room, 64, due(...many('ann/x', 9)))).toHaveLength(4);
  });

  it('leaves half of all slots to hosts that answer quickly, and three quarters to other owners', () => {
    const room = roomOf({ concurrency: 16 });
    const hosts = (owner: string): Due[] => due(...Array.from({ length: 20 }, (_, n) => `${owner}/${owner}-${n}`));
    expect(chosen(room, 16, hosts('ann'))).toHaveLength(4);
    const all = [...hosts('ann'), ...hosts('bob'), ...hosts('cat')];
    expect(chosen(room, 16, all)).toHaveLength(8);
    trusted(room, 'x');
    expect(chosen(room, 16, [...all, ...due(...many('dan/x', 20))])).toHaveLength(16);
  });

  it('keeps to the rates of hosts and owners, and says when more may go', () => {
    const room = trusted(roomOf({ maxPerHostPerSecond: 6, maxPerOwnerPerSecond: 7 }), 'x', 'y');
    const all = due(...many('ann/x', 8), ...many('ann/y', 8));
    const choice = new DeliveryChoice(room, 64, 0);
    expect(choice.choose(all)).toHaveLength(7);
    expect(choice.passedOver).toBe(true);
    for (let n = 0; n < 6; n++) room.begin({ owner: 'ann', host: 'x' }, 0)?.(true);
    const second = new DeliveryChoice(room, 64, 0);
    expect(second.choose(all).map(({ name }) => name)).toEqual(['ann/y']);
    expect(second.waitMs).toBeLessThanOrEqual(1000 / 6);
  });

  it('goes on from page to page', () => {
    const room = trusted(roomOf(), 'x', 'y');
    const choice = new DeliveryChoice(room, 3, 0);
    expect(choice.choose(due(...many('ann/new', 5))).length).toBe(2);
    expect(choice.choose(due('ann/new', 'ann/x', 'ann/y')).map(({ name }) => name)).toEqual(['ann/x']);
    expect(choice.choose(due('bob/y'))).toEqual([]);
  });

  it('chooses what owes a host that is not to be called: that costs no call', () => {
    const room = roomOf({ circuitFailures: 1 });
    room.begin({ owner: 'ann', host: 'dead' }, 0)?.(false);
    const now = performance.now();
    expect(room.openFor('dead', now)).toBeGreaterThan(0);
    expect(chosen(room, 20, due(...many('ann/dead', 30)), now)).toHaveLength(20);
  });
});
