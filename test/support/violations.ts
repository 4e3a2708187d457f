import type { RpcAnswer } from './rpc.client.js';

interface Violation {
  readonly field: string;
  readonly description: string;
}

/** v1.0 has a list of details, v0.3 an object. */
type Details = readonly { readonly fieldViolations?: readonly Violation[] }[] | { readonly violations?: Violation[] };

/** The fields that an INVALID_PARAMS error names; empty for any other answer. */
export function violatedFields({ error }: RpcAnswer<unknown>): string[] {
  if (error?.code !== -32602) return [];
  const details = (error.data ?? []) as Details;
  const violations =
    'length' in details ? details.flatMap(({ fieldViolations = [] }) => fieldViolations) : (details.violations ?? []);
  return violations.map(({ field }) => field);
}
