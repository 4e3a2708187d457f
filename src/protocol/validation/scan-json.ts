import { itemPath, memberPath } from './path.js';
import type { Violations } from './violations.js';

const NULL_CHARACTER = 'must not contain the null character U+0000';
const LONE_SURROGATE = 'must be well-formed Unicode, but holds half of a surrogate pair';

interface Level {
  readonly node: object;
  /** Of an object; an array has none. */
  readonly keys: readonly string[] | undefined;
  /** The next member. */
  next: number;
}

/**
 * Looks at each string, key and number of a JSON value, however deep: what a database or JSON itself could not hold is a
 * violation. Takes no more call stack for a deep value than for a flat one, and goes down at most `maxDepth` levels.
 */
export function scanJson(root: object, maxDepth: number, violations: Violations): void {
  const levels: Level[] = [levelOf(root)];
  while (levels.length > 0 && !violations.full) {
    const level = levels.at(-1)!;
    const { node, keys } = level;
    if (level.next >= (keys ?? (node as unknown[])).length) {
      levels.pop();
      continue;
    }
    const index = level.next++;
    const key = keys?.[index];
    const wrongKey = key === undefined ? undefined : wrongScalar(key);
    if (wrongKey) violations.add(pathOf(levels, levels.length - 1), `has a key that ${wrongKey}`);
    const value = key === undefined ? (node as unknown[])[index] : (node as Record<string, unknown>)[key];
    if (typeof value === 'object' && value !== null) {
      if (levels.length < maxDepth) levels.push(levelOf(value));
      else violations.add(pathOf(levels), `must not be nested deeper than ${maxDepth} levels`);
    } else {
      const wrong = wrongScalar(value);
      if (wrong) violations.add(pathOf(levels), wrong);
    }
  }
}

function levelOf(node: object): Level {
  return { node, keys: Array.isArray(node) ? undefined : Object.keys(node), next: 0 };
}

function wrongScalar(value: unknown): string | undefined {
  if (typeof value === 'string') {
    if (value.includes('\0')) return NULL_CHARACTER;
    return value.isWellFormed() ? undefined : LONE_SURROGATE;
  }
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : 'must be a number that JSON can hold';
  return value === null || value === undefined || typeof value === 'boolean' ? undefined : 'must be a JSON value';
}

/** The path to the members that the outermost `depth` levels have reached. */
function pathOf(levels: readonly Level[], depth = levels.length): string {
  return levels
    .slice(0, depth)
    .reduce((path, { keys, next }) => (keys ? memberPath(path, keys[next - 1]!) : itemPath(path, next - 1)), '');
}
