import { describe, expect, it } from '@jest/globals';
import { setFlagsFromString } from 'node:v8';
import { runInThisContext } from 'node:vm';
import { withMembers } from './with-members.js';

setFlagsFromString('--allow-natives-syntax');
const sameHiddenClass = runInThisContext('(a, b) => %HaveSameMap(a, b)') as (a: object, b: object) => boolean;

const event = (): { kind: string; data: string; state?: string } => ({ kind: 'status', data: '{}', state: undefined });

describe('withMembers', () => {
  it('makes what a spread makes, and leaves both as they are', () => {
    const [base, more] = [event(), { data: 'x', at: 1 }];
    const made = withMembers(base, more);
    expect(made).toEqual({ ...base, ...more });
    expect(Object.keys(made)).toEqual(Object.keys({ ...base, ...more }));
    expect([base, more]).toEqual([event(), { data: 'x', at: 1 }]);
  });

  it('copies a member named __proto__ as a member', () => {
    const made = withMembers(JSON.parse('{"__proto__":{"name":"x"},"b":1}') as { b: number }, { c: 2 });
    expect([Object.getPrototypeOf(made), JSON.stringify(made)]).toEqual([
      ...[Object.prototype, '{"__proto__":{"name":"x"},"b":1,"c":2}'],
    ]);
  });

  it('makes objects of one hidden class', () => {
    const made = Array.from({ length: 100 }, (_, at) => withMembers(event(), { fence: 1, at }));
    expect(made.every((each) => sameHiddenClass(each, made[0]!))).toBe(true);
  });
});
