import type { TaskWake } from '../event-bus.interface.js';

/**
 * What the processes say to each other. `hello`: I am new, say that you are there; `here`: I am there; `bye`: I leave;
 * `all`: I could not tell you of everything, look at all that you watch; `line`: tasks wait for a
 * start; `wake`: look at these tasks. A process that does not know one of them takes it for nothing.
 */
export type BusMessage =
  { readonly from: string; readonly say: Saying } | { readonly from: string; readonly wake: readonly TaskWake[] };

export type Saying = 'hello' | 'here' | 'bye' | 'all' | 'line';

const SAYINGS: readonly unknown[] = ['hello', 'here', 'bye', 'all', 'line'] satisfies Saying[];
/** No message of ours is longer: what is, is not ours. */
const MAX_TEXT = 65_536;
const MAX_ID = 512;

/** A wake on the wire: [taskId, seq], with a 1 behind it when it is for the owner. */
type WireWake = readonly [taskId: string, seq: number, forOwner?: 1];

const toWire = ({ taskId, seq, forOwner }: TaskWake): WireWake => (forOwner ? [taskId, seq, 1] : [taskId, seq]);

export const encodeSaying = (from: string, say: Saying): string => JSON.stringify({ from, say });

/** How each text of a sender begins. */
export const openingOf = (from: string): string => JSON.stringify({ from }).slice(0, -1);

/** The wakes as texts of at most `maxBytes`, as few as can be. */
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

/** undefined: it is nothing that this version understands. */
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

const fromWire = ([taskId, seq, forOwner]: WireWake): TaskWake => ({
  taskId,
  seq,
  ...(forOwner === 1 && { forOwner: true }),
});
