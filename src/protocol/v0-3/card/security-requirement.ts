import type { SecurityRequirement } from '../../model/index.js';
import type { V03SecurityRequirement } from './v0-3-card.model.js';

export const requirementToV03 = ({ schemes }: SecurityRequirement): V03SecurityRequirement =>
  Object.fromEntries(Object.entries(schemes).map(([name, { list }]) => [name, [...(list ?? [])]]));

/** Alternatives that one requirement may grow into; cards come from strangers, and each scheme with flows multiplies them. */
const MAX_ALTERNATIVES = 64;

/**
 * `names` says what a v0.3 scheme is called in v1.0; one that became several (one per OAuth flow) turns its requirement
 * into that many alternatives, up to 64: beyond that further schemes count with their first flows only.
 */
export function requirementToV10(
  requirement: V03SecurityRequirement,
  names: ReadonlyMap<string, readonly string[]>,
): SecurityRequirement[] {
  let alternatives: [string, { list: string[] }][][] = [[]];
  for (const [name, list] of Object.entries(requirement)) {
    const made = names.get(name) ?? [];
    const room = Math.max(1, Math.floor(MAX_ALTERNATIVES / alternatives.length));
    const choices = made.length > 0 ? made.slice(0, room) : [name];
    alternatives = alternatives.flatMap((chosen) =>
      choices.map((choice) => [...chosen, [choice, { list: [...list] }] as [string, { list: string[] }]]),
    );
  }
  return alternatives.map((schemes) => ({ schemes: Object.fromEntries(schemes) }));
}
