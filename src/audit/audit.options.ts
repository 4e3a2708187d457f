import {
  checkFlag,
  checkNames,
  checkWholeNumber,
  definedOptions,
  MAX_TIMER_MS,
  type NumberRange,
} from '../common/number-options.js';
import type { AuditSink } from './audit-sink.interface.js';

export const AUDIT_OPTIONS = Symbol('AuditOptions');

/** The audit trail: where it goes, and what it records. */
export interface AuditOptions {
  /** 'database': the table a2a_audit of a SQL storage. Else a sink: `auditFile(path)`, `auditStdout()`, or your own. */
  readonly sink: 'database' | AuditSink;
  /** Records that wait to be written; a killed process loses at most these. Default 10,000. */
  readonly maxRecords?: number;
  /** Time after a record in which others join its write, in ms. Default 200. */
  readonly flushMs?: number;
  /**
   * What happens while `maxRecords` wait because the sink fails or is too slow. 'drop-and-count': new records are dropped, and a record says
   * how many. 'refuse': operations are refused with UNAVAILABLE before they do anything. Default 'drop-and-count'.
   */
  readonly onOverflow?: 'drop-and-count' | 'refuse';
  /** Each record has the SHA-256 of its predecessor in its process, so that a changed one is found. Default false. */
  readonly hashChain?: boolean;
  /** Records reads too: GetTask, ListTasks, SubscribeToTask, webhooks, extended cards. Without it only those refused for the caller. */
  readonly reads?: boolean;
  /** Age, in ms, at which the database deletes records. Default a year. 0: never. */
  readonly retainMs?: number;
}

/** The options with their defaults. */
export type AuditSettings = Required<AuditOptions>;

const YEAR_MS = 365 * 24 * 60 * 60_000;

export const AUDIT_DEFAULTS: Readonly<Omit<AuditSettings, 'sink'>> = {
  maxRecords: 10_000,
  flushMs: 200,
  onOverflow: 'drop-and-count',
  hashChain: false,
  reads: false,
  retainMs: YEAR_MS,
};

export const AUDIT_RANGES = {
  maxRecords: [1, 10_000_000],
  flushMs: [0, MAX_TIMER_MS],
  retainMs: [0, Number.MAX_SAFE_INTEGER],
} as const satisfies Partial<Record<keyof AuditOptions, NumberRange>>;

/** Fills in the defaults; undefined: there is no audit trail. Throws RangeError or TypeError naming the option that is wrong. */
export function auditOptions(given: AuditOptions | undefined): AuditSettings | undefined {
  if (given === undefined) return undefined;
  checkNames(given, ['sink', ...Object.keys(AUDIT_DEFAULTS)], 'audit');
  const settings: AuditSettings = { ...AUDIT_DEFAULTS, ...definedOptions(given), sink: given.sink };
  for (const [name, range] of Object.entries(AUDIT_RANGES)) {
    checkWholeNumber(settings[name as keyof typeof AUDIT_RANGES], range, `audit.${name}`);
  }
  checkFlag(settings.hashChain, 'audit.hashChain');
  checkFlag(settings.reads, 'audit.reads');
  if (!['drop-and-count', 'refuse'].includes(settings.onOverflow))
    throw new TypeError("audit.onOverflow must be 'drop-and-count' or 'refuse'.");
  const { sink } = settings;
  if (sink !== 'database' && typeof (sink as Partial<AuditSink> | undefined)?.write !== 'function')
    throw new TypeError(
      "audit.sink must be 'database', auditFile(path), auditStdout(), or an object with write(records).",
    );
  return settings;
}
