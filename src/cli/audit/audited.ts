import { userInfo } from 'node:os';
import type { AuditEntry } from '../../audit/audit-record.js';
import type { AuditSink } from '../../audit/audit-sink.interface.js';
import { AUDIT_DEFAULTS } from '../../audit/audit.options.js';
import { AuditTrail } from '../../audit/audit.trail.js';
import { auditFile } from '../../audit/json-lines.sink.js';
import { LegalHoldError } from '../../tasks/retention/erase-owner.js';
import { CliError } from '../cli.error.js';

/** What an operator does by a command. */
type Act = Pick<AuditEntry, 'action' | 'subject' | 'tenant' | 'taskId'>;

/**
 * The audit trail that the variables of the service name: `table`, or A2A_AUDIT_FILE. undefined: nothing is recorded. Throws CliError if
 * A2A_AUDIT asks for a table and this storage has none.
 */
export function auditSink(table: AuditSink | undefined): AuditSink | undefined {
  if (process.env.A2A_AUDIT !== 'database') return auditFileSink();
  if (table) return table;
  throw new CliError(
    'A2A_AUDIT is database, but this storage has no table for audit records. Set A2A_AUDIT=log and A2A_AUDIT_FILE.',
  );
}

/** The same for a command that opens no storage. */
export function auditFileSink(): AuditSink | undefined {
  const { A2A_AUDIT: mode, A2A_AUDIT_FILE: file } = process.env;
  return mode === 'log' && file ? auditFile(file) : undefined;
}

/** Does `work`, and records how it ended. */
export async function audited<T>(act: Act, sink: AuditSink | undefined, work: () => Promise<T>): Promise<T> {
  if (sink === undefined) return work();
  const hashChain = process.env.A2A_AUDIT_HASH_CHAIN === 'true';
  const trail = new AuditTrail({ sink, settings: { ...AUDIT_DEFAULTS, flushMs: 0, hashChain, retainMs: 0 } });
  const record = (outcome: Pick<AuditEntry, 'outcome' | 'reason'>): void =>
    trail.record({ kind: 'admin', ...act, ...outcome, owner: operator(), binding: 'cli' });
  try {
    const result = await work();
    record({ outcome: 'ok' });
    return result;
  } catch (error) {
    record({ outcome: outcomeOf(error), reason: (error as Error).name });
    throw error;
  } finally {
    await trail.end();
  }
}

function outcomeOf(error: unknown): AuditEntry['outcome'] {
  if (error instanceof LegalHoldError) return 'forbidden';
  return error instanceof CliError ? 'not-found' : 'failed';
}

/** The account that runs the command. A container need not have a name for it. */
function operator(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.()}`;
  }
}
