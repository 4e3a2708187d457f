import { describe, expect, it } from '@jest/globals';
import { IsInt, IsString, validateSync, ValidateIf, type ValidationError } from 'class-validator';
import fc from 'fast-check';
import { isObject } from '../../common/is-object.js';
import { MESSAGES } from '../messages/messages.js';
import { mapOperations, type OperationName } from '../operations.js';
import { A2AError, type FieldViolation } from '../errors/index.js';
import { validRequest as valid } from '../../testing/arbitraries/request.arbitrary.js';
import { DtoChecker } from './dto-checker.js';
import { fieldsOf } from './dto-fields.js';
import type { DtoClass, RuleContext } from './rules/index.js';
import { validateRequest } from './validate-request.js';
import { Violations } from './violations.js';

const REQUEST_DTOS = mapOperations((_name, { request }): DtoClass => MESSAGES[request]);

/** Instances for class-validator. What should be an object and is not becomes false: an array would pass for many of them. */
function toInstance(dto: DtoClass, value: unknown): unknown {
  if (!isObject(value)) return false;
  const instance = new dto() as Record<string, unknown>;
  for (const { name, nested } of fieldsOf(dto).filter(({ name }) => name !== '')) {
    const member = value[name];
    if (!nested || member === undefined || member === null) instance[name] = member;
    else if (!nested.list) instance[name] = toInstance(nested.dto(), member);
    else instance[name] = Array.isArray(member) ? member.map((item) => toInstance(nested.dto(), item)) : member;
  }
  return instance;
}

function flatten(errors: ValidationError[], parent: string): FieldViolation[] {
  return errors.flatMap(({ property, constraints = {}, contexts, children, value, target }) => {
    const step = /^\d+$/.test(property) ? `[${property}]` : parent === '' ? property : `.${property}`;
    const path = property === '' ? parent : parent + step;
    const own = Object.entries(constraints).flatMap(([type, message]) => {
      const { rule } = (contexts?.[type] ?? {}) as Partial<RuleContext>;
      const problems = rule ? (rule(value, target!) ?? []) : [{ at: '', description: message }];
      return problems.map(({ at = '', description }) => ({ field: path + at, description }));
    });
    return [...own, ...flatten(children ?? [], path)];
  });
}

/** What class-validator says of a request. */
function byClassValidator(name: OperationName, value: Record<string, unknown>): FieldViolation[] {
  const instance = toInstance(REQUEST_DTOS[name], value) as object;
  return flatten(validateSync(instance, { stopAtFirstError: true, forbidUnknownValues: true }), '').slice(0, 20);
}

function byChecker(name: OperationName, value: Record<string, unknown>): FieldViolation[] {
  const violations = new Violations(20, (path) => path);
  DtoChecker.of(REQUEST_DTOS[name]).check(value, '', violations);
  return violations.list;
}

const NAMES = Object.keys(valid) as OperationName[];

const hostile = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    '',
    [],
    {},
    [[]],
    [null],
    [[{ text: 'a' }]],
    0,
    -1,
    1.5,
    2 ** 31,
    true,
    'x',
  ),
  fc.constantFrom<unknown>('x'.repeat(513), 'é'.repeat(257), '\0', '\ud800', ['a', 1, '', null]),
  fc.constantFrom<unknown>([{ text: 'a', url: 'b' }, {}, 'x', { raw: '?' }], Array.from({ length: 1001 }), {
    id: 1,
    url: 2,
  }),
  fc.constantFrom<unknown>(
    Array.from({ length: 30 }, () => ({ text: 1 })),
    Array.from({ length: 60 }, () => 1),
  ),
  fc.jsonValue({ maxDepth: 3 }),
);

/** All paths to members of a value. */
function pathsOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => [[...path, key], ...pathsOf(member, [...path, key])]);
}

function replaced(value: unknown, [key, ...rest]: string[], by: unknown): unknown {
  if (key === undefined) return by;
  const member = replaced((value as Record<string, unknown>)[key], rest, by);
  return Array.isArray(value) ? value.with(Number(key), member) : { ...(value as object), [key]: member };
}

const FIELD_NAMES = [
  ...NAMES.flatMap((name) => fieldsOf(REQUEST_DTOS[name]).map((field) => field.name)),
  ...['text', 'raw', 'url', 'data', 'role', 'parts', 'scheme', 'constructor'],
];

/** A valid request with up to three members replaced or added. */
const request = fc
  .constantFrom(...NAMES)
  .chain((name) =>
    fc.tuple(
      fc.constant(name),
      valid[name],
      fc.array(fc.record({ at: fc.nat(), by: hostile, add: fc.option(fc.constantFrom(...FIELD_NAMES)) }), {
        maxLength: 3,
      }),
    ),
  )
  .map(([name, value, changes]): [OperationName, Record<string, unknown>] => {
    let changed: unknown = value;
    for (const { at, by, add } of changes) {
      const paths = [[], ...pathsOf(changed)];
      const path = paths[at % paths.length]!;
      const parent = path.reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], changed);
      if (add && isObject(parent)) changed = replaced(changed, [...path, add], by);
      else if (path.length > 0) changed = replaced(changed, path, by);
    }
    return [name, changed as Record<string, unknown>];
  });

describe('DtoChecker', () => {
  it('finds valid requests valid, and gives back what it was given', () => {
    for (const name of NAMES) {
      fc.assert(
        fc.property(valid[name], (value) => {
          expect(byChecker(name, value as Record<string, unknown>)).toEqual([]);
          const checked = DtoChecker.of(REQUEST_DTOS[name]).check(
            value as Record<string, unknown>,
            '',
            new Violations(20, (path) => path),
          );
          expect(checked).toEqual(value);
        }),
        { numRuns: 50 },
      );
    }
  });

  it('says what class-validator says of the same DTO, path by path and in its order', () => {
    const seen = { right: 0, wrong: 0 };
    fc.assert(
      fc.property(request, ([name, value]) => {
        const expected = byClassValidator(name, value);
        seen[expected.length > 0 ? 'wrong' : 'right']++;
        expect(byChecker(name, value)).toEqual(expected);
      }),
      { numRuns: 400 },
    );
    expect(Math.min(seen.right, seen.wrong)).toBeGreaterThan(20);
  });

  it('refuses a DTO whose decorators it does not understand', () => {
    class Each {
      @IsString({ each: true, message: 'x' })
      a: string[];
    }
    class Conditional {
      @ValidateIf(() => true)
      a: string;
    }
    class Talkative {
      @IsInt()
      a: number;
    }
    class Grouped {
      @IsInt({ groups: ['g'], message: 'x' })
      a: number;
    }
    class Bare {}
    for (const dto of [Each, Conditional, Talkative, Grouped]) expect(() => fieldsOf(dto)).toThrow(/\.a: this use of/);
    expect(() => fieldsOf(Bare)).toThrow('Bare has no validation decorators.');
  });
});

describe('validateRequest, given anything', () => {
  const verdict = (name: OperationName, value: unknown): FieldViolation[] => {
    const before = JSON.stringify(value);
    try {
      validateRequest(name, { value, path: (path) => path });
      return [];
    } catch (error) {
      if (!(error instanceof A2AError)) throw error;
      expect(error.reason).toBe('INVALID_PARAMS');
      expect(error.violations.length).toBeGreaterThan(0);
      return error.violations;
    } finally {
      expect(JSON.stringify(value)).toBe(before);
    }
  };
  const expectBounded = (violations: FieldViolation[]): void => {
    expect(violations.length).toBeLessThanOrEqual(20);
    for (const { field, description } of violations) {
      expect(field.length).toBeLessThanOrEqual(257);
      expect(description.length).toBeLessThanOrEqual(257);
      expect(field.isWellFormed() && description.isWellFormed()).toBe(true);
    }
  };

  it('throws nothing but A2AError, with bounded violations, and changes nothing', () => {
    const anything = fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom(...FIELD_NAMES), hostile));
    fc.assert(
      fc.property(fc.constantFrom(...NAMES), anything, (name, value) => expectBounded(verdict(name, value))),
      { numRuns: 200 },
    );
  });

  it('never lets through what class-validator refuses', () => {
    fc.assert(
      fc.property(request, ([name, value]) => {
        const violations = verdict(name, value);
        expectBounded(violations);
        if (violations.length === 0) expect(byClassValidator(name, value)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
