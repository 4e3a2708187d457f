import type { TaskStatus } from '../protocol/model/index.js';
import { isInterrupted, isTerminal } from '../protocol/state/task-state.js';

/** The most characters of a reason. */
export const REASON_LENGTH = 500;

/** Half of a surrogate pair, which a cut may leave. */
const HALF = /[\uD800-\uDBFF]$/;

/**
 * Why a task ended, or what it waits for: the text of the status message, cut to REASON_LENGTH. undefined: no text, or the task
 * has not settled. Text that every storage takes: it holds no U+0000.
 */
export function statusReason({ state, message }: TaskStatus): string | undefined {
  if (!message || !(isTerminal(state) || isInterrupted(state))) return undefined;
  let text = '';
  for (const part of message.parts) {
    if (text.length > REASON_LENGTH) break;
    if ('text' in part) text += (text === '' ? '' : '\n') + part.text.slice(0, REASON_LENGTH + 1);
  }
  const cut = text.slice(0, REASON_LENGTH).replace(HALF, '').toWellFormed().replaceAll('\0', '\uFFFD');
  return cut === '' ? undefined : cut;
}
