/**
 * How an act ended. 'ok': it was done, or a message was accepted. 'unauthenticated', 'forbidden', 'not-found', 'invalid': refused for
 * this reason. 'limited': refused for load or a quota. 'failed': an error of the server or the agent. 'lost': records that could not be
 * kept.
 */
export type AuditOutcome =
  'ok' | 'unauthenticated' | 'forbidden' | 'not-found' | 'invalid' | 'limited' | 'failed' | 'lost';

/** Who did what, with which outcome. Holds nothing of messages and answers. Fields that are not known are absent. */
export interface AuditEntry {
  /** 'operation': a call of a client. 'admin': an act of an operator. 'gap': records that were dropped. */
  readonly kind: 'operation' | 'admin' | 'gap';
  /** An operation by its name in v1.0, such as 'SendMessage', or what an operator did. 'unknown': the request named no operation. */
  readonly action: string;
  readonly outcome: AuditOutcome;
  /** Why it was refused or failed, by the name of the error. */
  readonly reason?: string;
  /** The caller; of an admin act the operator. */
  readonly owner?: string;
  /** Of an admin act: the owner whose data or key it concerns. */
  readonly subject?: string;
  readonly tenant?: string;
  readonly agent?: string;
  readonly taskId?: string;
  /** 'jsonrpc', 'rest', 'eventsource', 'grpc', 'in-process'; of an admin act 'admin' or 'cli'. */
  readonly binding?: string;
  /** Of the protocol. */
  readonly version?: string;
  /** The remote address. */
  readonly address?: string;
  readonly requestId?: string;
  readonly traceId?: string;
  /** Of a gap: how many records were dropped. */
  readonly count?: number;
}

/** One record as sinks get it. */
export interface AuditRecord {
  /** When, in ms since 1970. */
  readonly at: number;
  /** The process that wrote it: a UUID that is made at its start. */
  readonly chain: string;
  /** 1, 2, 3 … in the chain. */
  readonly seq: number;
  readonly entry: AuditEntry;
  /** The record as one line of JSON, without a line break: `at`, `chain`, `seq`, the entry and, with `hashChain`, `prev`. */
  readonly line: string;
}
