import type { JsonObject } from './json.js';

/** A binding's name as cards carry it; custom bindings are URIs. Spec 5.8. */
export type ProtocolBinding = 'JSONRPC' | 'GRPC' | 'HTTP+JSON' | (string & {});

/** `protocolVersion` is Major.Minor. */
export interface AgentInterface {
  url: string;
  protocolBinding: ProtocolBinding;
  tenant?: string;
  protocolVersion: string;
}

export interface AgentProvider {
  url: string;
  organization: string;
}

export interface AgentExtension {
  uri: string;
  description?: string;
  required?: boolean;
  params?: JsonObject;
}

export interface AgentCapabilities {
  streaming?: boolean;
  pushNotifications?: boolean;
  extendedAgentCard?: boolean;
  extensions?: AgentExtension[];
}

export interface SecurityRequirement {
  schemes: Record<string, { list: string[] }>;
}

export interface AgentSkill {
  id: string;
  name: string;
  description: string;
  tags: string[];
  examples?: string[];
  inputModes?: string[];
  outputModes?: string[];
  securityRequirements?: SecurityRequirement[];
}

/** A oneof by member name: `apiKeySecurityScheme`, `httpAuthSecurityScheme`, `oauth2SecurityScheme`, … Spec 4.5. */
export type SecurityScheme = Record<string, JsonObject>;

export interface AgentCardSignature {
  protected: string;
  signature: string;
  header?: JsonObject;
}

/** Spec 4.4.1. */
export interface AgentCard {
  name: string;
  description: string;
  supportedInterfaces: AgentInterface[];
  provider?: AgentProvider;
  version: string;
  documentationUrl?: string;
  capabilities: AgentCapabilities;
  securitySchemes?: Record<string, SecurityScheme>;
  securityRequirements?: SecurityRequirement[];
  defaultInputModes: string[];
  defaultOutputModes: string[];
  skills: AgentSkill[];
  signatures?: AgentCardSignature[];
  iconUrl?: string;
}
