import type {
  AgentCard,
  AgentCardSignature,
  AgentExtension,
  AgentProvider,
  AgentSkill,
  JsonObject,
} from '../../model/index.js';

export interface V03AgentInterface {
  url: string;
  transport: string;
}

/** Scopes by the name of a scheme: all of one object together, the objects of a list as alternatives. */
export type V03SecurityRequirement = Record<string, string[]>;

export type V03AgentSkill = Omit<AgentSkill, 'securityRequirements'> & { security?: V03SecurityRequirement[] };

/** v0.3 spec 5.5. */
export interface V03AgentCard {
  protocolVersion: string;
  name: string;
  description: string;
  url: string;
  preferredTransport?: string;
  additionalInterfaces?: V03AgentInterface[];
  iconUrl?: string;
  provider?: AgentProvider;
  version: string;
  documentationUrl?: string;
  capabilities: {
    streaming?: boolean;
    pushNotifications?: boolean;
    stateTransitionHistory?: boolean;
    extensions?: AgentExtension[];
  };
  /** OpenAPI-like, told apart by `type`. */
  securitySchemes?: Record<string, JsonObject>;
  security?: V03SecurityRequirement[];
  defaultInputModes: string[];
  defaultOutputModes: string[];
  skills: V03AgentSkill[];
  supportsAuthenticatedExtendedCard?: boolean;
  signatures?: AgentCardSignature[];
}

/** One object that a reader of either version understands: the members of both. */
export type MergedAgentCard = Omit<AgentCard, 'signatures' | 'skills'> &
  Omit<V03AgentCard, 'signatures' | 'skills' | 'capabilities' | 'securitySchemes'> & {
    skills: (AgentSkill & V03AgentSkill)[];
  };
