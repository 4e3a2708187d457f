import type { DocumentedMethod } from './json-rpc.methods.js';
import type { Schema } from './schema.js';

export type DocumentedVersion = DocumentedMethod['version'];

/** An agent, as the documentation shows it. The paths are those of the server; undefined: it is not served there. */
export interface DescribedAgent {
  readonly id: string;
  readonly description: string;
  readonly card?: string;
  readonly jsonRpc?: string;
  /** Below which the paths of HTTP+JSON are. */
  readonly rest?: string;
  readonly streaming: boolean;
  readonly pushNotifications: boolean;
  readonly extendedCard: boolean;
  /** As OpenAPI and cards of v0.3 write them, by name. */
  readonly securitySchemes: Readonly<Record<string, Schema>>;
  /** One of them is enough. Undefined: the card asks for nothing. */
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
}

/** What an operation needs of its agent. */
export interface OperationNeeds {
  readonly name: string;
  readonly stream?: boolean;
  readonly needs?: 'pushNotifications';
}

export const offers = (agent: DescribedAgent, { name, stream, needs }: OperationNeeds): boolean =>
  (!stream || agent.streaming) &&
  (needs === undefined || agent.pushNotifications) &&
  (name !== 'GetExtendedAgentCard' || agent.extendedCard);

export const tagOf = ({ id }: Pick<DescribedAgent, 'id'>): string => `A2A: ${id}`;

/** Makes the ids of an agent's operations; those of the first agent are as short as they can be. */
export type OperationIds = (name: string) => string;

export const operationIdsOf = ({ id }: Pick<DescribedAgent, 'id'>, first: boolean): OperationIds => {
  const suffix = id.replaceAll(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return (name) => (first ? name : `${name}Of${suffix}`);
};
