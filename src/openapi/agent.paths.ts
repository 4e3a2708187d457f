import { cardOperation } from './agent-card.operation.js';
import { type DescribedAgent, type DocumentedVersion, type OperationIds, tagOf } from './described-agent.js';
import { eventSourcePath } from './event-source.path.js';
import { methodsOf } from './json-rpc.methods.js';
import { jsonRpcOperation } from './json-rpc.operation.js';
import { restPaths } from './rest.paths.js';
import type { Schema } from './schema.js';

export type Paths = Record<string, Record<string, Schema>>;

/** All operations of an agent, each once. */
export function agentPaths(agent: DescribedAgent, versions: readonly DocumentedVersion[], ids: OperationIds): Paths {
  const methods = methodsOf(agent, versions);
  const paths: Paths = {
    ...(agent.jsonRpc !== undefined &&
      methods.length > 0 && {
        [agent.jsonRpc || '/']: { post: jsonRpcOperation(ids('call'), `Call ${agent.id}`, methods) },
      }),
    ...(agent.card !== undefined && { [agent.card]: { get: cardOperation(ids('agentCard'), versions) } }),
    ...(agent.rest !== undefined && versions.includes('1.0') && restPaths(agent.rest, agent, ids)),
    ...(agent.rest !== undefined && agent.streaming && eventSourcePath(agent.rest, ids)),
  };
  for (const [path, operations] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      // The card says how to authenticate: it is for everyone.
      const secured = agent.security !== undefined && path !== agent.card;
      operations[method] = { ...operation, tags: [tagOf(agent)], ...(secured && { security: agent.security }) };
    }
  }
  return paths;
}
