import { isObject } from '../../common/is-object.js';
import { fieldsOf, type DtoField } from './dto-fields.js';
import { type Path, textOfPath } from './path.js';
import { WHOLE_OBJECT, type DtoClass, type NestedContext, type Problem } from './rules/index.js';
import type { Violations } from './violations.js';

const NOTHING: ReadonlySet<string> = new Set();

interface Nested {
  readonly checker: DtoChecker;
  readonly list: boolean;
}

/**
 * Checks plain objects by the class-validator decorators of a DTO class, without class-validator's executor: no instances, no
 * metadata look-ups, no error objects for what is right. That is what the time of a request allows. A property test holds it
 * to the verdicts and the paths of `validateSync` with `stopAtFirstError`.
 */
export class DtoChecker {
  static readonly #made = new WeakMap<ReadonlySet<string>, Map<DtoClass, DtoChecker>>();
  readonly #fields: readonly (Omit<DtoField, 'nested'> & { readonly nested?: Nested })[];
  readonly #whole: DtoField | undefined;

  /** The checker of a class, but for the fields `except` at any depth; made once, with those of the classes below it. */
  static of(dto: DtoClass, except: ReadonlySet<string> = NOTHING): DtoChecker {
    const made = DtoChecker.#made.get(except) ?? new Map<DtoClass, DtoChecker>();
    DtoChecker.#made.set(except, made);
    const checker = made.get(dto) ?? new DtoChecker(dto, except);
    made.set(dto, checker);
    return checker;
  }

  private constructor(dto: DtoClass, except: ReadonlySet<string>) {
    const fields = fieldsOf(dto);
    this.#whole = fields.find(({ name }) => name === WHOLE_OBJECT);
    this.#fields = fields
      .filter((field) => field !== this.#whole && !except.has(field.name))
      .map((field) => ({ ...field, nested: field.nested && nestedChecker(field.nested, except) }));
  }

  /**
   * A new object with the fields that the DTO knows and that are right; absent ones are left out. What is wrong is added to
   * `violations`. Values that no DTO describes (`metadata`, `data`) are the same objects as in `value`.
   */
  check(value: Record<string, unknown>, path: Path, violations: Violations): Record<string, unknown> {
    const checked: Record<string, unknown> = {};
    for (const { name, optional, rules, nested } of this.#fields) {
      const member = value[name];
      if (optional && (member === undefined || member === null)) continue;
      const problems = firstProblems(rules, member, value);
      if (problems) report(problems, { parent: path, step: name }, violations);
      else if (nested) checked[name] = checkNested(nested, member, { parent: path, step: name }, violations);
      else if (member !== undefined) checked[name] = member;
      if (violations.full) return checked;
    }
    const problems = this.#whole && firstProblems(this.#whole.rules, undefined, value);
    if (problems) report(problems, path, violations);
    return checked;
  }
}

function firstProblems(rules: DtoField['rules'], value: unknown, object: object): readonly Problem[] | undefined {
  for (const rule of rules) {
    const problems = rule(value, object);
    if (problems) return problems;
  }
  return undefined;
}

function report(problems: readonly Problem[], path: Path, violations: Violations): void {
  for (const { at = '', description } of problems) violations.add(textOfPath(path) + at, description);
}

function nestedChecker({ dto, list }: NestedContext, except: ReadonlySet<string>): Nested {
  return { checker: DtoChecker.of(dto(), except), list };
}

function checkNested({ checker, list }: Nested, value: unknown, path: Path, violations: Violations): unknown {
  if (!list) {
    if (isObject(value)) return checker.check(value, path, violations);
    violations.add(textOfPath(path), 'must be an object');
    return undefined;
  }
  const checked: unknown[] = [];
  const one = { checker, list: false };
  for (const [index, item] of (value as unknown[]).entries()) {
    if (violations.full) break;
    checked.push(checkNested(one, item, { parent: path, step: index }, violations));
  }
  return checked;
}
