import type { A2aAgentOptions } from '../agent-options.js';

/** What `extendedCard` may hold: all that a public card says but its addresses and capabilities. */
export type ExtendedCardOptions = Partial<
  Pick<
    A2aAgentOptions,
    | 'name'
    | 'description'
    | 'version'
    | 'skills'
    | 'inputModes'
    | 'outputModes'
    | 'provider'
    | 'documentationUrl'
    | 'iconUrl'
    | 'securitySchemes'
    | 'securityRequirements'
  >
>;
