import type { SecurityRequirement, SecurityScheme } from '../../protocol/model/index.js';
import type { A2aPrincipal } from '../principal.js';
import type { ChallengeDetails } from './challenge.js';
import { challengeOf } from './challenge.js';

/** What an agent demands of its callers: fields of its options, completed by the defaults. */
export interface Demand {
  readonly securitySchemes?: Readonly<Record<string, SecurityScheme>>;
  /** Alternatives. undefined: any authenticator will do. `[]`, or one without schemes: anyone may call. */
  readonly securityRequirements?: readonly SecurityRequirement[];
}

/** Whether callers without credentials are served. */
export const admitsAnyone = ({ securityRequirements: requirements }: Demand): boolean =>
  requirements !== undefined && (requirements.length === 0 || requirements.some(isEmpty));

export const isEmpty = ({ schemes }: SecurityRequirement): boolean => Object.keys(schemes).length === 0;

export const hasScopes = ({ claims }: Partial<A2aPrincipal>, scopes: readonly string[]): boolean =>
  scopes.every((scope) => claims?.scopes?.includes(scope) === true);

export const scopesOf = ({ schemes }: SecurityRequirement): string[] => [
  ...new Set(Object.values(schemes).flatMap(({ list }) => list)),
];

/** The challenge of the schemes that would do, with the scopes of the first alternative. */
export function challengeOfDemand(
  { securitySchemes = {}, securityRequirements = [] }: Demand,
  error?: ChallengeDetails['error'],
): Readonly<Record<string, string>> {
  const wanted = securityRequirements.find((requirement) => !isEmpty(requirement));
  const named = new Set(securityRequirements.flatMap(({ schemes }) => Object.keys(schemes)));
  const schemes = Object.fromEntries(
    Object.entries(securitySchemes).filter(([name]) => wanted === undefined || named.has(name)),
  );
  return challengeOf(schemes, { error, scopes: wanted && scopesOf(wanted) });
}
