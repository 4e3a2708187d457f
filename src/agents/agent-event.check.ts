import { isObject } from '../common/is-object.js';
import { invalidAgentResponse, printable } from '../protocol/errors/index.js';
import { TASK_STATES } from '../protocol/state/task-state.js';

const CONTENT = ['text', 'raw', 'url', 'data'] as const;
const STATES: ReadonlySet<unknown> = new Set(TASK_STATES);

export type Fields = Readonly<Record<string, unknown>>;

/** Throws INVALID_AGENT_RESPONSE naming the path unless it is an object. */
export function fieldsOf(value: unknown, where: string): Fields {
  if (!isObject(value)) {
    throw invalidAgentResponse(`The agent sent an event whose ${where} is ${describe(value)} instead of an object.`);
  }
  return value;
}

export function checkState(state: unknown): void {
  if (!STATES.has(state)) {
    throw invalidAgentResponse(
      `The agent sent an unknown task state (${describe(state)}): use one of ${[...STATES].join(', ')}.`,
    );
  }
}

/** `emptyAllowed`: a chunk that only closes an artifact, or changes its metadata, needs no content. */
export function checkParts(parts: unknown, where: string, emptyAllowed = false): void {
  if (!Array.isArray(parts))
    throw invalidAgentResponse(`The agent sent ${where} whose parts are ${describe(parts)} instead of an array.`);
  if (parts.length === 0 && !emptyAllowed)
    throw invalidAgentResponse(`The agent sent ${where} without parts: it needs at least one.`);
  for (const [index, part] of (parts as unknown[]).entries()) {
    const fields = fieldsOf(part, `parts[${index}] of ${where}`);
    const present: (typeof CONTENT)[number][] = [];
    for (const name of CONTENT) if (fields[name] !== undefined) present.push(name);
    if (present.length !== 1) {
      throw invalidAgentResponse(
        `The agent sent ${where} whose parts[${index}] has ${present.join(' and ') || 'no content'}: a part has exactly one of text, raw, url, data.`,
      );
    }
    const [member] = present;
    if (member && member !== 'data' && typeof fields[member] !== 'string') {
      throw invalidAgentResponse(
        `The agent sent ${where} whose parts[${index}].${member} is ${describe(fields[member])} instead of a string.`,
      );
    }
  }
}

/** An id from the agent must be that of the run; '' counts as absent on the wire. */
export function checkOwn(id: unknown, own: string, where: string): void {
  if (id !== undefined && id !== '' && id !== own) {
    throw invalidAgentResponse(
      `The agent sent an event whose ${where} is ${describe(id)}; the run's is '${own}'. Leave it out: it is filled in.`,
    );
  }
}

export function describe(value: unknown): string {
  if (typeof value === 'string') return `'${printable(value)}'`;
  if (value === null || value === undefined) return String(value);
  return Array.isArray(value) ? 'an array' : `${/^[aeiou]/.test(typeof value) ? 'an' : 'a'} ${typeof value}`;
}
