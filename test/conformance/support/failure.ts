import type { ErrorReason } from '../../../src/protocol/errors/index.js';
import { WIRE_CODES } from '../../../src/protocol/errors/wire-codes.table.js';
import type { Failure } from './binding.js';

const REASONS = new Map(
  Object.entries(WIRE_CODES).map(([reason, { jsonRpc }]) => [jsonRpc, reason as ErrorReason] as const),
);

/** An error that carries a JSON-RPC code, with the details of v1.0 (a list) or v0.3 (an object). */
export function failureOfCode(error: { code: number; message: string; data?: unknown }): Failure {
  const reason = REASONS.get(error.code);
  if (reason === undefined) throw new Error(`No error has the code of ${JSON.stringify(error)}.`);
  return { reason, message: error.message, fields: fieldsOf(error.data) };
}

interface Violations {
  readonly violations?: readonly { readonly field: string }[];
  readonly fieldViolations?: readonly { readonly field: string }[];
}

export function fieldsOf(details: unknown): string[] {
  const list = (Array.isArray(details) ? details : [details ?? {}]) as Violations[];
  return list
    .flatMap(({ violations, fieldViolations }) => violations ?? fieldViolations ?? [])
    .map(({ field }) => field);
}
