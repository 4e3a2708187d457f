import { type DeliveryAttempt, withAttempt } from '../admin/delivery-attempt.js';
import type { EventKind } from '../pending-event.js';
import type { Change } from './decision.js';

/** A delivery as the rules see it. */
export interface DeliveryRow {
  readonly attempts: number;
  /** What the last attempts met with. */
  readonly attemptLog: readonly DeliveryAttempt[];
  /** It was given up, and is not owed. */
  readonly isDead: boolean;
  /** Nothing older is owed to its webhook. */
  readonly isOldest: boolean;
  /** Deliveries to its webhook that were dead-lettered since the last completed one. */
  readonly givenUp: number;
}

/** Changes of a delivery and its webhook. What is absent stays as it is. */
export interface DeliveryPatch {
  readonly deleted?: true;
  readonly attempts?: number;
  readonly attemptLog?: readonly DeliveryAttempt[];
  /** Why it is given up; null: it is owed again, in its place among what is owed. */
  readonly dead?: string | null;
  /** When the oldest delivery that the webhook is then owed is due, in ms from the storage's present time. */
  readonly dueInMs?: number;
  /** Of the webhook. */
  readonly givenUp?: number;
  /** Events are owed to the webhook again. */
  readonly enabled?: true;
}

/** `row` is undefined when there is no such delivery. Decides without I/O and without a clock. */
export type DecideDelivery<T> = (row: DeliveryRow | undefined) => Change<DeliveryPatch, T>;

/** What a completed delivery changes, for storages that complete it in one statement. */
export const COMPLETED = { deleted: true, givenUp: 0 } as const satisfies DeliveryPatch;

const isOwed = (row: DeliveryRow | undefined): row is DeliveryRow => row !== undefined && !row.isDead;

/** Another delivery that is older may be under way: it stays hidden. */
const due = ({ isOldest }: DeliveryRow, dueInMs: number): DeliveryPatch => (isOldest ? { dueInMs } : {});

const logged = ({ attemptLog }: DeliveryRow, attempt: DeliveryAttempt | undefined): DeliveryPatch =>
  attempt ? { attemptLog: withAttempt(attemptLog, attempt) } : {};

const changed = (patch: DeliveryPatch | false): Change<DeliveryPatch, void> => ({
  ...(patch && { patch }),
  result: undefined,
});

/** See Outbox.complete. The next delivery is due at once. */
export const complete: DecideDelivery<void> = (row) => changed(isOwed(row) && { ...COMPLETED, ...due(row, 0) });

/** See Outbox.release. */
export const release =
  (delayMs: number): DecideDelivery<void> =>
  (row) =>
    changed(isOwed(row) && due(row, delayMs));

/** See Outbox.retry. `attempts`: when it was taken. One that has more was told already. */
export const retry =
  (attempts: number, delayMs: number, attempt?: DeliveryAttempt): DecideDelivery<void> =>
  (row) =>
    changed(
      isOwed(row) &&
        row.attempts === attempts && { attempts: attempts + 1, ...logged(row, attempt), ...due(row, delayMs) },
    );

/** See Outbox.deadLetter. */
export const deadLetter =
  (reason: string, attempt?: DeliveryAttempt): DecideDelivery<number> =>
  (row) => {
    if (!row || row.isDead) return { result: row?.givenUp ?? 0 };
    const attempts = row.attempts + (attempt ? 1 : 0);
    const givenUp = row.givenUp + 1;
    return { patch: { dead: reason, attempts, ...logged(row, attempt), givenUp, ...due(row, 0) }, result: givenUp };
  };

/** See AdminStore.redrive. The webhook gets events again, and a new start. */
export const redrive: DecideDelivery<boolean> = (row) =>
  row?.isDead
    ? { patch: { dead: null, attempts: 0, ...due(row, 0), givenUp: 0, enabled: true }, result: true }
    : { result: row !== undefined };

/** See AdminStore.drop. */
export const drop: DecideDelivery<boolean> = (row) =>
  row?.isDead ? { patch: { deleted: true }, result: true } : { result: false };

/** See Outbox.skipFollowed: how many go of the deliveries that are owed to a webhook, whose events have these kinds, oldest first. */
export function followedArtifacts(kinds: readonly EventKind[]): number {
  const kept = kinds.findIndex((kind, index) => kind !== 'artifact' || index === kinds.length - 1);
  return Math.max(kept, 0);
}

/** See TakeOptions.maxBytes: of what is due, that which is taken. */
export function fitting<T>(due: readonly T[], bytesOf: (one: T) => number, maxBytes: number): T[] {
  let before = 0;
  return due.filter((one) => {
    const fits = before < maxBytes;
    before += bytesOf(one);
    return fits;
  });
}
