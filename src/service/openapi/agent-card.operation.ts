import { anyObject, json, list, object, ref, type Schema } from './schema.js';

/** Reading the public card of an agent. */
export const cardOperation = (operationId: string, parameters: readonly unknown[] = []): Schema => ({
  tags: ['Agent cards'],
  operationId,
  summary: 'Who the agent is and what it can do',
  parameters: [
    ...parameters,
    {
      name: 'A2A-Version',
      in: 'header',
      schema: { type: 'string', enum: ['1.0', '0.3'] },
      description: 'Absent: a card that both versions can read.',
    },
  ],
  responses: {
    200: json({ anyOf: [ref('AgentCard'), ref('V03AgentCard')] }, 'The card'),
    304: { description: 'Not changed since the ETag in If-None-Match' },
    400: json(ref('RestError'), 'The version is not served'),
    404: json(ref('RestError'), 'There is no such agent'),
  },
});

/** Reading the keys that cards are signed with. */
export const keySetOperation: Schema = {
  tags: ['Agent cards'],
  operationId: 'cardKeys',
  summary: 'The public keys of the signatures of agent cards',
  responses: {
    200: json(object({ 'keys!': list(anyObject) }, 'A JWK set, RFC 7517.'), 'The keys'),
    304: { description: 'Not changed since the ETag in If-None-Match' },
    404: json(ref('RestError'), 'Cards are not signed'),
  },
};
