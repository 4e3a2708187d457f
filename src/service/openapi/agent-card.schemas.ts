import { anyObject, flag, list, object, ref, text, type Schema } from './schema.js';

const scopes: Schema = { type: 'object', additionalProperties: object({ list: list(text()) }) };

/** The card of v1.0 and what it is made of. Spec 4.4. */
export const agentCardSchemas: Readonly<Record<string, Schema>> = {
  AgentInterface: object({
    'url!': text('Of gRPC: host:port.'),
    'protocolBinding!': text('JSONRPC, HTTP+JSON or GRPC.'),
    'protocolVersion!': text(),
    tenant: text('To be sent in every request.'),
  }),
  AgentExtension: object({ uri: text(), description: text(), required: flag, params: anyObject }),
  AgentSkill: object({
    'id!': text(),
    'name!': text(),
    'description!': text(),
    'tags!': list(text()),
    examples: list(text()),
    inputModes: list(text()),
    outputModes: list(text()),
    securityRequirements: list(ref('SecurityRequirement')),
  }),
  SecurityRequirement: object({ schemes: scopes }),
  AgentCard: object(
    {
      'name!': text(),
      'description!': text(),
      'version!': text(),
      supportedInterfaces: { ...list(ref('AgentInterface')), description: 'The preferred one first.' },
      provider: object({ 'url!': text(), 'organization!': text() }),
      documentationUrl: text(),
      iconUrl: text(),
      'capabilities!': object({
        streaming: flag,
        pushNotifications: flag,
        extendedAgentCard: flag,
        extensions: list(ref('AgentExtension')),
      }),
      securitySchemes: { type: 'object', additionalProperties: anyObject },
      securityRequirements: list(ref('SecurityRequirement')),
      'defaultInputModes!': list(text()),
      'defaultOutputModes!': list(text()),
      'skills!': list(ref('AgentSkill')),
      signatures: list(object({ 'protected!': text(), 'signature!': text(), header: anyObject })),
    },
    'v1.0 form; v0.3 cards have url, preferredTransport and protocolVersion in place of supportedInterfaces.',
  ),
};
