import { isObject } from '../../../common/is-object.js';
import { fieldsOf, type MessageClass, type MessageField } from '../../messages/field.decorator.js';
import type { Kind } from '../../messages/kind.js';
import { MESSAGES } from '../../messages/messages.js';
import type { AgentCard, JsonObject } from '../../model/index.js';

/** Writes a value in canonical form. */
type Write = (value: unknown) => unknown;

/** What a required field is when it is missing. */
const MISSING: Readonly<Partial<Record<Kind['type'], unknown>>> = { string: '', list: [], message: {}, map: {} };

const same: Write = (value) => value;
const never = (): boolean => false;
const isDefault = (value: unknown): boolean =>
  value === '' || value === 0 || value === false || (Array.isArray(value) && value.length === 0);
const isEmptyMap = (value: unknown): boolean => isObject(value) && Object.keys(value).length === 0;

/** Messages and what has a presence are written when they are there, the rest unless it has its type's default. */
function omits({ kind, presence }: MessageField): (value: unknown) => boolean {
  if (presence !== undefined || kind.type === 'message' || kind.type === 'struct') return never;
  return kind.type === 'map' ? isEmptyMap : isDefault;
}

/** An object of the message's fields; others are left out. */
function messageWriter(message: MessageClass): Write {
  const fields = fieldsOf(message).map((field) => ({
    name: field.name,
    write: writerOf(field.kind),
    omits: omits(field),
    missing: field.presence === 'required' ? MISSING[field.kind.type] : undefined,
  }));
  return (value) => {
    const given = isObject(value) ? value : {};
    const written: Record<string, unknown> = {};
    for (const { name, write, missing, omits } of fields) {
      const member = given[name] ?? missing;
      if (member !== undefined && !omits(member)) written[name] = write(member);
    }
    return written;
  };
}

function writerOf(kind: Kind): Write {
  if (kind.type === 'message') return messageWriter(kind.of);
  if (kind.type !== 'list' && kind.type !== 'map') return same;
  const write = writerOf(kind.of);
  if (kind.type === 'list') return (value) => (Array.isArray(value) ? value.map(write) : value);
  return (value) =>
    isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, member]) => [key, write(member)])) : value;
}

const card = messageWriter(MESSAGES.AgentCard);

/**
 * What a signature covers, before RFC 8785: required fields always, `optional` ones when they are set, others unless they have
 * their default; no `signatures`, and nothing that v1.0 does not know. Spec 8.4.1. Shares `params` of extensions.
 */
export function cardPayload({ signatures: _, ...given }: AgentCard): JsonObject {
  return card(given) as JsonObject;
}

/**
 * The same as the published SDKs verify it (JavaScript 1.3, Python 1.0): they leave out whatever is empty, at any depth, also where
 * it is required: `scopes: {}`, `mtlsSecurityScheme: {}`, a security requirement without scopes.
 */
export const leanPayload = (given: AgentCard): JsonObject => (lean(cardPayload(given)) ?? {}) as JsonObject;

const lean: Write = (value) => {
  if (value === null || value === '') return undefined;
  if (Array.isArray(value)) return filled(value.map(lean).filter((item) => item !== undefined));
  if (typeof value !== 'object') return value;
  const members = Object.entries(value as object).map(([key, member]) => [key, lean(member)] as const);
  return filled(Object.fromEntries(members.filter(([, member]) => member !== undefined)));
};

const filled = <T extends object>(value: T): T | undefined => (Object.keys(value).length > 0 ? value : undefined);
