import type { AgentProvider, SecurityRequirement, SecurityScheme } from '../../protocol/model/index.js';
import type { A2aAgentOptions } from '../agent-options.js';

/** What the cards of all agents say, where an agent says nothing else. */
export interface CardDefaults {
  readonly provider?: AgentProvider;
  readonly documentationUrl?: string;
  readonly iconUrl?: string;
  /** Added to an agent's own; one of the same name is the agent's. */
  readonly securitySchemes?: Readonly<Record<string, SecurityScheme>>;
  /** An agent's own replace them; `[]` there means none. They may name default schemes only. */
  readonly securityRequirements?: readonly SecurityRequirement[];
}

type CardFields = Pick<A2aAgentOptions, keyof CardDefaults>;

/** The options of an agent, completed by the defaults. */
export function withCardDefaults<T extends CardFields>(options: T, defaults: CardDefaults = {}): T {
  const { provider, documentationUrl, iconUrl, securityRequirements } = defaults;
  const securitySchemes = { ...defaults.securitySchemes, ...options.securitySchemes };
  return {
    ...definedOf({
      provider,
      documentationUrl,
      iconUrl,
      securityRequirements: securityRequirements && [...securityRequirements],
    }),
    ...definedOf(options),
    ...(Object.keys(securitySchemes).length > 0 && { securitySchemes }),
  };
}

/** An option that is undefined is one that is not given. */
const definedOf = <T extends object>(given: T): T =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as T;
