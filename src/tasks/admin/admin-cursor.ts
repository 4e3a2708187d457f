import { invalidParams } from '../../protocol/errors/index.js';
import { fingerprint } from '../position-token.js';
import type { AdminPage, AdminPageQuery } from './admin-store.interface.js';

const DEFAULT_ROWS = 50;
export const MAX_ROWS = 200;
const MAX_LENGTH = 4096;

/** How many rows a page has: 1 … 200; default 50. */
export const adminPageSize = ({ limit }: AdminPageQuery): number =>
  Math.min(Math.max(Math.trunc(limit || DEFAULT_ROWS), 1), MAX_ROWS);

/** The list that a cursor is bound to: its name and its filter. */
export const listOf = (name: string, filter: object): unknown[] => [
  name,
  ...Object.entries(filter)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1)),
];

/** An opaque token for the position of a row, bound to its list. */
export const encodeCursor = (position: readonly string[], list: readonly unknown[]): string =>
  Buffer.from(JSON.stringify([fingerprint(list), ...position])).toString('base64url');

/**
 * The position after which the page starts; undefined: the first page. `parts`: a check for each part of it. Throws INVALID_PARAMS
 * (field cursor).
 */
export function decodeCursor(
  { cursor }: AdminPageQuery,
  list: readonly unknown[],
  parts: readonly ((part: string) => boolean)[],
): string[] | undefined {
  if (cursor === undefined || cursor === '') return undefined;
  const [bound, ...position] = parse(cursor);
  const sound = position.length === parts.length && parts.every((isSound, index) => isSound(position[index] ?? ''));
  if (bound === undefined || !sound) throw refusal('is not a cursor that this server gave');
  if (bound !== fingerprint(list)) throw refusal('belongs to another list or filter; start without a cursor');
  return position;
}

/** A page of rows. `rows` has one more than the page if there are more. */
export function adminPage<Row>(
  rows: readonly Row[],
  size: number,
  list: readonly unknown[],
  positionOf: (row: Row) => readonly string[],
): AdminPage<Row> {
  const shown = rows.slice(0, size);
  const last = shown.at(-1);
  if (!last || rows.length <= size) return { rows: shown };
  return { rows: shown, next: encodeCursor(positionOf(last), list) };
}

const refusal = (description: string): Error => invalidParams([{ field: 'cursor', description }]);

function parse(cursor: string): string[] {
  if (cursor.length > MAX_LENGTH) return [];
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(parts) && parts.every((part) => typeof part === 'string') ? parts : [];
  } catch {
    return [];
  }
}
