import type { AgentProvider, SecurityRequirement, SecurityScheme } from '../../protocol/model/index.js';
import type { Authentication } from '../../security/authentication/authentication.js';
import type { A2aAgentOptions } from '../agent-options.js';
import { definedOptions } from '../../common/number-options.js';
import { isObject } from '../../common/is-object.js';
import { checkProvider, checkSecurityRequirements, checkSecuritySchemes } from './card-fields.check.js';
import { checkOptionalUrl, type Report } from '../../common/option-checks.js';

/** Defaults for the cards of all agents; an agent's own values take precedence. */
export interface CardDefaults {
  readonly provider?: AgentProvider;
  readonly documentationUrl?: string;
  readonly iconUrl?: string;
  /** Added to the agent's own; of the same name, the agent's applies. */
  readonly securitySchemes?: Readonly<Record<string, SecurityScheme>>;
  /** Replaced by the agent's own; `[]` there means none. They may name default schemes only. */
  readonly securityRequirements?: readonly SecurityRequirement[];
}

type CardFields = Pick<A2aAgentOptions, keyof CardDefaults>;

/** The options of an agent, completed by the defaults. */
export function withCardDefaults<T extends CardFields>(options: T, defaults: CardDefaults = {}): T {
  const { provider, documentationUrl, iconUrl, securityRequirements } = defaults;
  const securitySchemes = { ...defaults.securitySchemes, ...options.securitySchemes };
  return {
    ...definedOptions({
      provider,
      documentationUrl,
      iconUrl,
      securityRequirements: securityRequirements && [...securityRequirements],
    }),
    ...(definedOptions(options) as T),
    ...(Object.keys(securitySchemes).length > 0 && { securitySchemes }),
  };
}

/** All problems with the defaults; each string names the option as the module does. */
export function checkCardDefaults(defaults: CardDefaults): string[] {
  const problems: string[] = [];
  const report: Report = (problem) => void problems.push(`A2aModule: cards.${problem}`);
  for (const field of ['documentationUrl', 'iconUrl'] as const) checkOptionalUrl(defaults[field], field, report);
  checkProvider(defaults.provider, report);
  checkSecuritySchemes(defaults.securitySchemes, report);
  const { securityRequirements, securitySchemes } = defaults;
  checkSecurityRequirements(securityRequirements, securitySchemes, 'securityRequirements', report);
  return problems;
}

/** The schemes that requirements of an agent may name: its own and the defaults. */
export function knownSchemes(own: unknown, defaults: unknown): unknown {
  if (defaults === undefined || !isObject(defaults)) return own;
  return own === undefined || isObject(own) ? { ...defaults, ...own } : own;
}

/** The defaults with the schemes and requirements of A2aAuthModule, which those that are given complete or replace. */
export const declaring = <T extends CardDefaults>(
  cards: T | undefined,
  authentication: Pick<Authentication, 'schemes' | 'requirements'> | undefined,
): T | CardDefaults | undefined =>
  (authentication && {
    ...cards,
    securitySchemes: { ...authentication.schemes, ...cards?.securitySchemes },
    securityRequirements: cards?.securityRequirements ?? authentication.requirements,
  }) ||
  cards;
