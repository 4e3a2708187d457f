import type { JsonObject } from '../model/json.js';
import { Field } from './field.decorator.js';
import { bool, listOf, mapOf, messageOf, struct } from './kind.js';
import { text, texts } from './kinds.js';
import { SecurityRequirement, SecuritySchemeFields } from './security.js';

/** A binding's name as cards carry it; custom bindings are URIs. Spec 5.8. */
export type ProtocolBinding = 'JSONRPC' | 'GRPC' | 'HTTP+JSON' | (string & {});

/** A oneof by member name: `apiKeySecurityScheme`, `httpAuthSecurityScheme`, `oauth2SecurityScheme`, … Spec 4.5. */
export type SecurityScheme = Record<string, JsonObject>;

const requirements = listOf(messageOf(SecurityRequirement));

/** A URL at which the agent is served, with its binding and version. Spec 4.4.6. */
export class AgentInterface {
  @Field(1, text, 'required', 'Of gRPC: host:port.')
  url: string;

  @Field(2, text, 'required', 'JSONRPC, HTTP+JSON or GRPC.')
  protocolBinding: ProtocolBinding;

  @Field(3, text, undefined, 'To be sent in every request.')
  tenant?: string;

  /** Major.Minor. */
  @Field(4, text, 'required')
  protocolVersion: string;
}

/** The organization behind an agent. Spec 4.4.2. */
export class AgentProvider {
  @Field(1, text, 'required')
  url: string;

  @Field(2, text, 'required')
  organization: string;
}

/** An extension of the protocol that an agent supports. Spec 4.4.4. */
export class AgentExtension {
  @Field(1, text)
  uri: string;

  @Field(2, text)
  description?: string;

  @Field(3, bool)
  required?: boolean;

  @Field(4, struct)
  params?: JsonObject;
}

/** What an agent supports beyond plain calls. Spec 4.4.3. */
export class AgentCapabilities {
  @Field(1, bool, 'optional')
  streaming?: boolean;

  @Field(2, bool, 'optional')
  pushNotifications?: boolean;

  @Field(3, listOf(messageOf(AgentExtension)))
  extensions?: AgentExtension[];

  @Field(4, bool, 'optional')
  extendedAgentCard?: boolean;
}

/** Something that an agent can do. Spec 4.4.5. */
export class AgentSkill {
  @Field(1, text, 'required')
  id: string;

  @Field(2, text, 'required')
  name: string;

  @Field(3, text, 'required')
  description: string;

  @Field(4, texts, 'required')
  tags: string[];

  @Field(5, texts)
  examples?: string[];

  @Field(6, texts)
  inputModes?: string[];

  @Field(7, texts)
  outputModes?: string[];

  @Field(8, requirements)
  securityRequirements?: SecurityRequirement[];
}

/** A JWS over the card. Spec 4.4.7. */
export class AgentCardSignature {
  @Field(1, text, 'required')
  protected: string;

  @Field(2, text, 'required')
  signature: string;

  @Field(3, struct)
  header?: JsonObject;
}

/** Spec 4.4.1. */
export class AgentCard {
  @Field(1, text, 'required')
  name: string;

  @Field(2, text, 'required')
  description: string;

  @Field(3, listOf(messageOf(AgentInterface)), 'required', 'The preferred one first.')
  supportedInterfaces: AgentInterface[];

  @Field(4, messageOf(AgentProvider))
  provider?: AgentProvider;

  @Field(5, text, 'required')
  version: string;

  @Field(6, text, 'optional')
  documentationUrl?: string;

  @Field(7, messageOf(AgentCapabilities), 'required')
  capabilities: AgentCapabilities;

  @Field(8, mapOf(messageOf(SecuritySchemeFields)))
  securitySchemes?: Record<string, SecurityScheme>;

  @Field(9, requirements)
  securityRequirements?: SecurityRequirement[];

  @Field(10, texts, 'required')
  defaultInputModes: string[];

  @Field(11, texts, 'required')
  defaultOutputModes: string[];

  @Field(12, listOf(messageOf(AgentSkill)), 'required')
  skills: AgentSkill[];

  @Field(13, listOf(messageOf(AgentCardSignature)))
  signatures?: AgentCardSignature[];

  @Field(14, text, 'optional')
  iconUrl?: string;
}
