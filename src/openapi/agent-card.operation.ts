import type { DocumentedVersion } from './described-agent.js';
import { restRefusals } from './refusals.js';
import { anyObject, json, list, object, ref, type Schema } from './schema.js';

const CARDS: Readonly<Record<DocumentedVersion, string>> = { '1.0': 'AgentCard', '0.3': 'V03AgentCard' };

/** Reading the public card of an agent. */
export const cardOperation = (operationId: string, versions: readonly DocumentedVersion[]): Schema => ({
  operationId,
  summary: 'Who the agent is and what it can do',
  parameters: [
    {
      name: 'A2A-Version',
      in: 'header',
      schema: { type: 'string', enum: versions },
      description: 'Absent: a card that both versions can read.',
    },
  ],
  responses: {
    200: json({ anyOf: versions.map((version) => ref(CARDS[version])) }, 'The card'),
    304: { description: 'Not changed since the ETag in If-None-Match' },
    ...restRefusals(400),
  },
});

/** Reading the keys that cards and webhooks are signed with. */
export const keySetOperation: Schema = {
  operationId: 'cardKeys',
  summary: 'The public keys of the signatures of agent cards and webhooks',
  responses: {
    200: json(object({ 'keys!': list(anyObject) }, 'A JWK set, RFC 7517.'), 'The keys'),
    304: { description: 'Not changed since the ETag in If-None-Match' },
    404: json(ref('RestError'), 'Nothing is signed with such keys'),
  },
};
