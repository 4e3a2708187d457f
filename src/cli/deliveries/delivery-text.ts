import type { AdminDeliveryRow } from '../../tasks/admin/admin-rows.js';
import type { DeliveryAttempt } from '../../tasks/admin/delivery-attempt.js';
import { textTable } from '../text-table.js';

const HEAD = ['ID', 'TASK', 'EVENT', 'WEBHOOK', 'ATTEMPTS', 'SINCE', 'LAST ANSWER'];

/** Deliveries for people, one a line. SINCE is when it was given up, or when it is due. */
export const deliveriesTable = (rows: readonly AdminDeliveryRow[]): string =>
  textTable(
    HEAD,
    rows.map(({ id, taskId, seq, configId, attempts, deadAt, dueAt, attemptLog }) => [
      ...[printed(id), taskId, String(seq), printed(configId), String(attempts), deadAt ?? dueAt ?? '-'],
      answerOf(attemptLog.at(-1)),
    ]),
  );

/** One delivery with all that is known of its attempts. */
export function deliveryText(row: AdminDeliveryRow): string {
  const { id, taskId, seq, configId, url, attempts, dueAt, deadAt, deadReason, attemptLog } = row;
  const facts: readonly (readonly [name: string, value: string | undefined])[] = [
    ['id', printed(id)],
    ['task', taskId],
    ['event', String(seq)],
    ['webhook', printed(configId)],
    ['url', printed(url)],
    ['attempts', String(attempts)],
    ['due', dueAt],
    ['given up', deadAt],
    ['reason', deadReason],
  ];
  return [
    ...facts.flatMap(([name, value]) => (value === undefined ? [] : `${`${name}:`.padEnd(10)}${value}`)),
    ...attemptLog.map(attemptLine),
  ].join('\n');
}

function attemptLine(attempt: DeliveryAttempt): string {
  const { at, ms, excerpt } = attempt;
  return `  ${at}  ${answerOf(attempt)}  ${ms} ms${excerpt === undefined ? '' : `  ${excerpt}`}`;
}

const answerOf = (attempt: DeliveryAttempt | undefined): string =>
  attempt === undefined ? '-' : attempt.status === undefined ? (attempt.error ?? '-') : String(attempt.status);

/** A client chose it: nothing of it may control a terminal. */
const printed = (text: string): string =>
  /^[\x21-\x7e]+$/.test(text)
    ? text
    : JSON.stringify(text).replace(/\p{C}/gu, (char) => `\\u{${char.codePointAt(0)!.toString(16)}}`);
