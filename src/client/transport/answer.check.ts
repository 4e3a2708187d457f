import { fieldsOf, type MessageClass, type MessageField } from '../../protocol/messages/field.decorator.js';
import type { EnumKind, Kind } from '../../protocol/messages/kind.js';
import { taskState } from '../../protocol/messages/kinds.js';
import { MESSAGES, type MessageName, type Messages } from '../../protocol/messages/messages.js';
import { Found } from './shape.check.js';

/** Members that the types promise and servers omit. */
const DEFAULTS: Readonly<Record<string, unknown>> = {
  contextId: '',
  nextPageToken: '',
  state: taskState.names[0],
  parts: [],
  tasks: [],
  configs: [],
};

/** This client does not rely on their content: they only have to be objects. */
const OPAQUE: ReadonlySet<MessageClass> = new Set([MESSAGES.AuthenticationInfo]);

/**
 * Checks a peer's answer, decoded to canonical form, for what the client and its users rely on: ids, states, roles and lists match the
 * types, and members that servers omit are added. Unknown states (`TASK_STATE_UNSPECIFIED` and those of later versions) are allowed. Throws
 * A2AClientJSONError naming the member.
 */
export function checkAnswer<M extends MessageName>(name: M, value: unknown): Messages[M] {
  const found = new Found(value, name === 'Task' ? 'task' : 'result');
  return checkMessage(MESSAGES[name], name === 'ListTasksResponse' ? withSizes(found) : found) as Messages[M];
}

/** Adds the sizes of a page that servers omit. */
function withSizes(found: Found): Found {
  const { tasks } = found.object();
  const size = Array.isArray(tasks) ? tasks.length : 0;
  return new Found({ pageSize: size, totalSize: size, ...found.object() }, found.path);
}

function checkMessage(message: MessageClass, found: Found): object {
  const checked: Record<string, unknown> = { ...found.object() };
  const fields = fieldsOf(message);
  // Nothing relies on a part having exactly one content.
  if (message !== MESSAGES.Part) checkChoice(found, fields);
  for (const field of fields) {
    const value = checkField(field, found.member(field.name));
    if (value !== undefined) checked[field.name] = value;
  }
  return checked;
}

function checkChoice(found: Found, fields: readonly MessageField[]): void {
  const choices = fields.filter(({ presence }) => presence === 'oneof').map(({ name }) => name);
  if (choices.length === 0) return;
  const members = Object.keys(found.object());
  if (members.length > 1) found.wrong('must have one member only');
  if (!choices.includes(members[0] ?? '')) {
    found.wrong(`must have ${choices.length > 2 ? `one of ${choices.join(', ')}` : choices.join(' or ')}`);
  }
}

function checkField({ name, kind, presence }: MessageField, { value, path }: Found): unknown {
  const required = presence === 'required';
  const found = new Found(value ?? (required ? DEFAULTS[name] : undefined), path);
  if (required || found.value !== undefined) checkKind(kind, found, required && !(name in DEFAULTS));
  if (found.value === undefined) return undefined;
  if (kind.type === 'message') return OPAQUE.has(kind.of) ? found.value : checkMessage(kind.of, found);
  if (kind.type !== 'list' || kind.of.type !== 'message') return found.value;
  const { of } = kind.of;
  return found.items().map((item) => checkMessage(of, item));
}

function checkKind(kind: Kind, found: Found, filled: boolean): void {
  switch (kind.type) {
    case 'string':
      return filled ? void found.text() : found.optional('string');
    case 'bytes':
    case 'timestamp':
      return found.optional('string');
    case 'bool':
      return found.optional('boolean');
    case 'int32':
      return found.optional('number');
    case 'enum':
      return checkEnum(kind, found);
    case 'list':
      return found.items().forEach((item) => checkKind(kind.of, item, false));
    case 'value':
      return;
    default:
      return void found.object();
  }
}

function checkEnum({ names }: EnumKind, found: Found): void {
  const { value } = found;
  if (names === taskState.names) {
    if (typeof value !== 'string' || !/^TASK_STATE_[A-Z_]+$/.test(value)) found.wrong('is no state of a task');
  } else if (!names.slice(1).includes(value as string)) found.wrong(`must be ${names.slice(1).join(' or ')}`);
}
