import { describe, expect, it } from '@jest/globals';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { TransientMap } from './transient-map.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as (options?: { type: 'minor' }) => void;

const CALLS = 500;
/** Entries at a time. */
const AT_ONCE = 16;
/** Calls between two minor collections. */
const PER_COLLECTION = 50;
/** Numbers that a call holds. */
const HELD = 500;

interface MapLike {
  set(key: number, value: object): unknown;
  delete(key: number): boolean;
}

/** How many bytes minor collections move to the old generation while calls come and go. */
function promotedBytes(map: MapLike): number {
  const churn = (from: number, count: number): void => {
    for (let call = from; call < from + count; call++) {
      map.set(call, { held: Array.from({ length: HELD }, (_, index) => ({ index })) });
      map.delete(call - AT_ONCE);
    }
    // Nothing is under way while it is collected.
    for (let call = from + count - AT_ONCE; call < from + count; call++) map.delete(call);
  };
  churn(0, 100);
  // As in a process that has run for a while: the table of the map is old.
  collect();
  let promoted = 0;
  for (let call = 100; call < 100 + CALLS; call += PER_COLLECTION) {
    churn(call, PER_COLLECTION);
    const before = oldBytes();
    // What survives two of them is moved to the old generation.
    for (let collection = 0; collection < 2; collection++) collect({ type: 'minor' });
    promoted += oldBytes() - before;
  }
  return promoted;
}

const oldBytes = (): number =>
  getHeapSpaceStatistics().find(({ space_name: name }) => name === 'old_space')?.space_used_size ?? NaN;

describe('TransientMap', () => {
  it('gets, sets, deletes and counts as a Map does', () => {
    const map = new TransientMap<string, number>();
    map.set('a', 1);
    map.set('b', 2);
    map.set('a', 3);
    expect([map.get('a'), map.get('b'), map.get('c'), map.has('b'), map.has('c'), map.size]).toEqual([
      ...[3, 2, undefined, true, false, 2],
    ]);
    expect([map.delete('a'), map.delete('a'), map.get('a'), map.has('a'), map.size]).toEqual([
      ...[true, false, undefined, false, 1],
    ]);
  });

  it('holds an entry whose value is undefined', () => {
    const map = new TransientMap<string, undefined>();
    map.set('a', undefined);
    expect([map.has('a'), map.size, [...map.values()]]).toEqual([true, 1, [undefined]]);
  });

  it('iterates in the order of insertion, also while entries are deleted', () => {
    const map = new TransientMap<number, string>();
    for (const key of [3, 1, 2]) map.set(key, `v${key}`);
    map.set(3, 'again');
    expect([[...map.keys()], [...map.values()], [...map]]).toEqual([
      [3, 1, 2],
      ['again', 'v1', 'v2'],
      [
        [3, 'again'],
        [1, 'v1'],
        [2, 'v2'],
      ],
    ]);
    const seen: number[] = [];
    for (const [key] of map) {
      seen.push(key);
      map.delete(key);
      map.delete(1);
    }
    expect([seen, map.size]).toEqual([[3, 2], 0]);
  });

  it('keeps nothing of deleted entries beyond a minor collection, which a Map does', () => {
    const [ours, plain] = [promotedBytes(new TransientMap<number, object>()), promotedBytes(new Map<number, object>())];
    expect(plain).toBeGreaterThan(CALLS * HELD * 4);
    expect(ours).toBeLessThan(plain / 10);
  });
});
