import { HasRule, problem, type Problem, type Rule } from './rule.js';

export interface ListSize {
  /** Items. Default 0. */
  min?: 0 | 1;
  /** Items. */
  max: number;
}

/** An array of so many items; looks at none of them. */
export function list({ min = 0, max }: ListSize): Rule {
  return (value) => {
    if (!Array.isArray(value)) return problem('must be an array');
    if (value.length < min) return problem('must not be empty');
    return value.length > max ? problem(`must have at most ${max} items`) : undefined;
  };
}

/** An array whose items keep a rule; its length is checked before any item is. */
export function listOf(item: Rule, size: ListSize): Rule {
  const ofSize = list(size);
  return (value, object) => {
    const wrong = ofSize(value, object);
    if (wrong) return wrong;
    const problems: Problem[] = [];
    for (const [index, member] of (value as unknown[]).entries()) {
      for (const { at = '', description } of item(member, object) ?? [])
        problems.push({ at: `[${index}]${at}`, description });
    }
    return problems.length > 0 ? problems : undefined;
  };
}

export const IsListOf = (item: Rule, size: ListSize): PropertyDecorator => HasRule('isListOf', listOf(item, size));
