import type { RpcAnswer } from './rpc.client.js';

interface BadRequest {
  readonly fieldViolations?: readonly { readonly field: string; readonly description: string }[];
}

/** The fields that an INVALID_PARAMS error names; empty for any other answer. */
export function violatedFields({ error }: RpcAnswer<unknown>): string[] {
  if (error?.code !== -32602) return [];
  const details = (error.data ?? []) as readonly BadRequest[];
  return details.flatMap(({ fieldViolations = [] }) => fieldViolations.map(({ field }) => field));
}
