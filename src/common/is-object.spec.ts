import { describe, expect, it } from '@jest/globals';
import { isObject } from './is-object.js';

describe('isObject', () => {
  it.each([
    [{}, true],
    [Object.create(null), true],
    [new Date(0), true],
    [[], false],
    [null, false],
    [undefined, false],
    ['text', false],
    [() => undefined, false],
  ])('%p: %p', (value, expected) => {
    expect(isObject(value)).toBe(expected);
  });
});
