import { AUDIT_DEFAULTS, AUDIT_RANGES, type AuditOptions } from '../../audit/audit.options.js';
import { auditFile, auditStdout } from '../../audit/json-lines.sink.js';
import { LogEnvironment } from './log.environment.js';
import { isFilled } from './values.js';
import { Choice, Flag, Text, WholeNumber } from './variable.decorators.js';

/** The variables of the audit trail. */
export class AuditEnvironment extends LogEnvironment {
  @Choice(['off', 'log', 'database'], 'log')
  A2A_AUDIT: 'off' | 'log' | 'database' = 'off';

  @Text({ rule: 'the path of a file', accepts: isFilled, example: '/var/log/a2a/audit.jsonl' })
  A2A_AUDIT_FILE?: string;

  @Flag()
  A2A_AUDIT_READS?: boolean;

  @Flag()
  A2A_AUDIT_HASH_CHAIN?: boolean;

  @Choice([undefined, 'drop-and-count', 'refuse'], 'refuse')
  A2A_AUDIT_ON_OVERFLOW?: 'drop-and-count' | 'refuse';

  @WholeNumber(AUDIT_RANGES.maxRecords, 'records', AUDIT_DEFAULTS.maxRecords)
  A2A_AUDIT_MAX_RECORDS?: number;

  @WholeNumber(AUDIT_RANGES.flushMs, 'milliseconds', AUDIT_DEFAULTS.flushMs)
  A2A_AUDIT_FLUSH_MS?: number;

  @WholeNumber(AUDIT_RANGES.retainMs, 'milliseconds', AUDIT_DEFAULTS.retainMs)
  A2A_AUDIT_RETAIN_MS?: number;
}

/** undefined: nothing is recorded. */
export function auditOptionsOf(env: AuditEnvironment): AuditOptions | undefined {
  const { A2A_AUDIT: mode, A2A_AUDIT_FILE: file } = env;
  if (mode === 'off') return undefined;
  return {
    sink: mode === 'database' ? mode : file === undefined ? auditStdout() : auditFile(file),
    reads: env.A2A_AUDIT_READS,
    hashChain: env.A2A_AUDIT_HASH_CHAIN,
    onOverflow: env.A2A_AUDIT_ON_OVERFLOW,
    maxRecords: env.A2A_AUDIT_MAX_RECORDS,
    flushMs: env.A2A_AUDIT_FLUSH_MS,
    retainMs: env.A2A_AUDIT_RETAIN_MS,
  };
}

/** The table is in a SQL database. */
export function auditProblems({ A2A_AUDIT, STORE }: AuditEnvironment & { readonly STORE: string }): string[] {
  if (A2A_AUDIT !== 'database' || STORE === 'postgres') return [];
  return [
    `A2A_AUDIT must be log or off with STORE=${STORE}, which has no table for it. ` +
      'Example: A2A_AUDIT=log and A2A_AUDIT_FILE=/var/log/a2a/audit.jsonl',
  ];
}

/** Settings that have no effect. */
export function* auditWarnings(environment: AuditEnvironment, env: NodeJS.ProcessEnv): Generator<string> {
  const { A2A_AUDIT: mode } = environment;
  const names = Object.keys(env).filter((name) => name.startsWith('A2A_AUDIT_') && env[name]?.trim());
  for (const name of mode === 'off' ? names : []) yield `${name} has no effect without A2A_AUDIT.`;
  if (mode === 'database' && environment.A2A_AUDIT_FILE !== undefined)
    yield 'A2A_AUDIT_FILE has no effect with A2A_AUDIT=database.';
  if (mode === 'log' && environment.A2A_AUDIT_RETAIN_MS !== undefined)
    yield 'A2A_AUDIT_RETAIN_MS has no effect with A2A_AUDIT=log: nothing is deleted from a file.';
}
