import type { TaskNews, TaskWake } from '../event-bus.interface.js';

/**
 * What processes tell each other. `hello`: I am new, announce yourselves; `here`: I am here; `bye`: I am leaving; `all`: I could not report
 * everything, check all tasks that you watch; `line`: tasks wait in the run queue; `wake`: check these tasks. A process ignores messages
 * that it does not know.
 */
export type BusMessage =
  { readonly from: string; readonly say: Saying } | { readonly from: string; readonly wake: readonly TaskWake[] };

export type Saying = 'hello' | 'here' | 'bye' | 'all' | 'line';

const SAYINGS: readonly unknown[] = ['hello', 'here', 'bye', 'all', 'line'] satisfies Saying[];
/** Our messages are never longer; a longer one is not ours. */
const MAX_TEXT = 65_536;
const MAX_ID = 512;

/** A wake on the wire: [taskId, seq], followed by a 1 when it is for the owner (else a 0, if anything follows), and by its news. */
type WireWake = readonly [taskId: string, seq: number, forOwner?: 0 | 1, ...news: unknown[]];

function toWire({ taskId, seq, forOwner, news }: TaskWake): WireWake {
  if (news) return [taskId, seq, forOwner ? 1 : 0, news.after, news.owner, news.tenant, news.agent];
  return forOwner ? [taskId, seq, 1] : [taskId, seq];
}

export const encodeSaying = (from: string, say: Saying): string => JSON.stringify({ from, say });

/** The prefix of each message of a sender. */
export const openingOf = (from: string): string => JSON.stringify({ from }).slice(0, -1);

/** The wakes as strings of at most `maxBytes`, in as few strings as possible. */
export function encodeWakes(from: string, heads: readonly TaskWake[], maxBytes: number): string[] {
  const opening = JSON.stringify({ from, wake: [] }).slice(0, -2);
  const room = maxBytes - Buffer.byteLength(opening) - 2;
  const texts: string[] = [];
  let items: string[] = [];
  let bytes = 0;
  const finish = (): void => {
    if (items.length > 0) texts.push(`${opening}${items.join(',')}]}`);
    items = [];
    bytes = 0;
  };
  for (const head of heads) {
    const item = JSON.stringify(toWire(head));
    const more = Buffer.byteLength(item) + 1;
    if (bytes + more > room) finish();
    items.push(item);
    bytes += more;
  }
  finish();
  return texts;
}

/** undefined: this version does not understand it. */
export function decodeMessage(text: string): BusMessage | undefined {
  if (text.length > MAX_TEXT) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { from, say, wake } = value as Record<string, unknown>;
  if (typeof from !== 'string' || from === '' || from.length > MAX_ID) return undefined;
  if (SAYINGS.includes(say)) return { from, say: say as Saying };
  return Array.isArray(wake) ? { from, wake: wake.filter(isWireWake).map(fromWire) } : undefined;
}

function isWireWake(value: unknown): value is WireWake {
  if (!Array.isArray(value)) return false;
  const [taskId, seq] = value as unknown[];
  return typeof taskId === 'string' && taskId.length <= MAX_ID && Number.isSafeInteger(seq) && (seq as number) >= 0;
}

function fromWire([taskId, seq, forOwner, ...given]: WireWake): TaskWake {
  const news = given.length > 0 ? newsOf(given) : undefined;
  return { taskId, seq, ...(forOwner === 1 && { forOwner: true }), ...(news && { news }) };
}

function newsOf([after, owner, tenant, agent]: readonly unknown[]): TaskNews | undefined {
  const known = typeof owner === 'string' && typeof tenant === 'string' && typeof agent === 'string';
  return known && Number.isSafeInteger(after) ? { after: after as number, owner, tenant, agent } : undefined;
}
