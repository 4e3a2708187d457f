import { setImmediate as turn } from 'node:timers/promises';
import type { Task } from '../protocol/model/index.js';

/** How much goes into one buffer, and how much is serialised in one turn of the event loop. */
const CHUNK_LENGTH = 64 * 1024;
const TURN_LENGTH = 1024 * 1024;
/** Deep enough to reach single parts of artifacts and single messages of the history. */
const DEPTH = 4;

/**
 * `{"task":…}` as JSON.stringify writes it, but without one string for the whole and without blocking the event loop. A large task
 * uses memory outside the JavaScript heap.
 */
export async function taskJson(task: Task): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let [text, length] = ['{"task":', 0];
  for (const piece of piecesOf(task, DEPTH)) {
    text += piece;
    length += piece.length;
    if (text.length >= CHUNK_LENGTH) [text] = ['', chunks.push(Buffer.from(text))];
    if (length >= TURN_LENGTH) [length] = [0, await turn()];
  }
  chunks.push(Buffer.from(`${text}}`));
  return Buffer.concat(chunks);
}

function* piecesOf(value: unknown, depth: number): Generator<string> {
  if (depth === 0 || typeof value !== 'object' || value === null) return yield JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) {
    for (const [index, element] of value.entries()) {
      yield index === 0 ? '[' : ',';
      yield* piecesOf(element, depth - 1);
    }
    return yield value.length === 0 ? '[]' : ']';
  }
  let before = '{';
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue;
    yield `${before}${JSON.stringify(key)}:`;
    yield* piecesOf(member, depth - 1);
    before = ',';
  }
  yield before === '{' ? '{}' : '}';
}
