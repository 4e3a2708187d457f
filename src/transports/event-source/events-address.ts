import { v10Codec } from '../../protocol/v1-0/index.js';
import type { Operation } from '../operation.js';
import { operationsOf } from '../operations.js';
import type { ProtocolVersion } from '../protocol-version.js';
import { isTenantSegment } from '../../security/tenants.options.js';
import { type PlatformRequest, rawRequest } from '../http/platform.js';
import { type AddressParts, RestAddress } from '../rest/rest-address.js';
import type { RestRoute } from '../rest/rest-route.js';

const { SubscribeToTask } = operationsOf(v10Codec);

/** By the version of the events. The request has the form of v1.0 in any case. */
export const EVENTS_IN: Readonly<Record<ProtocolVersion, Operation>> = {
  '1.0': SubscribeToTask,
  '0.3': { ...SubscribeToTask, version: '0.3' },
};

export const EVENTS_ROUTE: RestRoute = {
  name: 'SubscribeToTask',
  method: 'GET',
  path: '/tasks/{id}/events',
  operation: EVENTS_IN['1.0'],
  tenants: true,
};

export const EVENTS_ADDRESS = new RestAddress([EVENTS_ROUTE]);

/** What the address of the request names. undefined: a reserved word is no tenant, so the path may be the application's. */
export function eventsParts(request: PlatformRequest): AddressParts | undefined {
  const { agent, tenant } = request.params ?? {};
  const at = { agents: agent !== undefined, tenants: tenant !== undefined };
  const parts = EVENTS_ADDRESS.read(rawRequest(request).url ?? '', at);
  return parts.tenant === undefined || isTenantSegment(parts.tenant) ? parts : undefined;
}
