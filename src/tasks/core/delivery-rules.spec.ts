import { describe, expect, it } from '@jest/globals';
import {
  type DecideDelivery,
  type DeliveryRow,
  complete,
  deadLetter,
  drop,
  fitting,
  followedArtifacts,
  redrive,
  release,
  retry,
} from './delivery-rules.js';

const attempt = { at: '2026-01-01T00:00:00.000Z', status: 500, ms: 7 };
const before = { ...attempt, ms: 3 };

const owed: DeliveryRow = { attempts: 1, attemptLog: [before], isDead: false, isOldest: true, givenUp: 2 };
const behind: DeliveryRow = { ...owed, isOldest: false };
const dead: DeliveryRow = { ...owed, isDead: true };

describe('the rules of deliveries', () => {
  const counted = { attempts: 2, attemptLog: [before, attempt] };
  it.each<[string, DecideDelivery<unknown>, DeliveryRow | undefined, object]>([
    ['complete', complete, owed, { patch: { deleted: true, givenUp: 0, dueInMs: 0 } }],
    ['complete: something older is under way', complete, behind, { patch: { deleted: true, givenUp: 0 } }],
    ['complete: it is dead', complete, dead, {}],
    ['complete: there is none', complete, undefined, {}],
    ['release', release(5), owed, { patch: { dueInMs: 5 } }],
    ['release: it is dead', release(5), dead, {}],
    ['retry', retry(1, 5, attempt), owed, { patch: { ...counted, dueInMs: 5 } }],
    ['retry: nothing was met with', retry(1, 5), owed, { patch: { attempts: 2, dueInMs: 5 } }],
    ['retry: something older is under way', retry(1, 5, attempt), behind, { patch: counted }],
    ['retry, told twice', retry(0, 5, attempt), owed, {}],
    ['retry: it is dead', retry(1, 5, attempt), dead, {}],
    [
      'deadLetter',
      deadLetter('x', attempt),
      owed,
      { patch: { dead: 'x', ...counted, givenUp: 3, dueInMs: 0 }, result: 3 },
    ],
    [
      'deadLetter without an attempt',
      deadLetter('x'),
      behind,
      { patch: { dead: 'x', attempts: 1, givenUp: 3 }, result: 3 },
    ],
    ['deadLetter, told twice', deadLetter('x', attempt), dead, { result: 2 }],
    ['deadLetter: there is none', deadLetter('x', attempt), undefined, { result: 0 }],
    [
      'redrive',
      redrive,
      dead,
      { patch: { dead: null, attempts: 0, dueInMs: 0, givenUp: 0, enabled: true }, result: true },
    ],
    ['redrive, told twice', redrive, owed, { result: true }],
    ['redrive: there is none', redrive, undefined, { result: false }],
    ['drop', drop, dead, { patch: { deleted: true }, result: true }],
    ['drop: it is owed', drop, owed, { result: false }],
    ['drop: there is none', drop, undefined, { result: false }],
  ])('%s', (_, decide, row, decision) => {
    expect(decide(row)).toEqual(decision);
  });

  it.each([
    [[], 0],
    [['artifact'], 0],
    [['artifact', 'artifact', 'artifact'], 2],
    [['artifact', 'artifact', 'status', 'artifact'], 2],
    [['status', 'artifact'], 0],
    [['task', 'artifact', 'artifact'], 0],
  ] as const)('skips of %j the first %i', (kinds, skipped) => {
    expect(followedArtifacts(kinds)).toBe(skipped);
  });

  it.each([
    [[], 5, []],
    [[9, 1], 1, [9]],
    [[2, 2, 2, 2], 4, [2, 2]],
    [[2, 2, 2, 2], 5, [2, 2, 2]],
  ])('takes of %j bytes up to what exceeds %i', (sizes, maxBytes, taken) => {
    expect(fitting(sizes, (bytes) => bytes, maxBytes)).toEqual(taken);
  });
});
