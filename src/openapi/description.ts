import { keySetOperation } from './agent-card.operation.js';
import { agentPaths, type Paths } from './agent.paths.js';
import { type DescribedAgent, type DocumentedVersion, operationIdsOf, tagOf } from './described-agent.js';
import { finished, nameOfSchema, referredSchemas } from './finished.js';
import { methodsOf } from './json-rpc.methods.js';
import { jsonRpcSchemas } from './json-rpc.operation.js';
import { withFreshMessageIds } from './placeholders.js';
import { restErrorSchema } from './rest.paths.js';
import type { Schema } from './schema.js';
import { taskWebhooks } from './task.webhooks.js';
import { v03Schemas } from './v0-3.schemas.js';
import { v10Schemas } from './v1-0.schemas.js';

/** What there is to document. */
export interface Described {
  /** The first ones get the shortest ids of operations. */
  readonly agents: readonly DescribedAgent[];
  readonly versions: readonly DocumentedVersion[];
  /** Path of the keys of signatures, if cards or webhooks are signed. */
  readonly keySet?: string;
}

/** The parts of an OpenAPI document that describe agents. */
export interface Description {
  readonly paths: Paths;
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly schemas: Readonly<Record<string, Schema>>;
  readonly securitySchemes: Readonly<Record<string, Schema>>;
  /** OpenAPI 3.1 has them. */
  readonly webhooks: Readonly<Record<string, Schema>>;
}

const KEYS_TAG = { name: 'A2A', description: 'Of all agents.' };

export function description({ agents, versions, keySet }: Described, openapi: string): Description {
  const paths: Paths = {
    ...Object.assign({}, ...agents.map((agent, n) => agentPaths(agent, versions, operationIdsOf(agent, n === 0)))),
    ...(keySet !== undefined && { [keySet]: { get: { ...keySetOperation, tags: [KEYS_TAG.name] } } }),
  };
  const called = agents.some(({ pushNotifications }) => pushNotifications) && versions.includes('1.0');
  const webhooks = called && !openapi.startsWith('3.0') ? taskWebhooks : {};
  const methods = [...new Set(agents.flatMap((agent) => methodsOf(agent, versions)))];
  const all = { ...v10Schemas, ...v03Schemas, ...jsonRpcSchemas(methods), RestError: restErrorSchema };
  const schemas = Object.entries(referredSchemas({ paths, webhooks }, all));
  const form = { openapi };
  return {
    paths: withFreshMessageIds(finished(paths, form)) as Paths,
    webhooks: finished(webhooks, form),
    schemas: Object.fromEntries(schemas.map(([name, schema]) => [nameOfSchema(name), finished(schema, form)])),
    securitySchemes: Object.assign(
      {},
      ...agents.map(({ securitySchemes }) => securitySchemes),
    ) as Description['securitySchemes'],
    tags: [
      ...agents.map((agent) => ({ name: tagOf(agent), description: agent.description })),
      ...(keySet === undefined ? [] : [KEYS_TAG]),
    ],
  };
}
