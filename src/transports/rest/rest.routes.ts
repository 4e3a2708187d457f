import type { JsonCodec } from '../../protocol/codec.interface.js';
import { OPERATIONS, type OperationDescription, type OperationName, type Route } from '../../protocol/operations.js';
import { v03ProtoCodec } from '../../protocol/v0-3-proto/index.js';
import { v10Codec } from '../../protocol/v1-0/index.js';
import { operationsOf } from '../operations.js';
import { RestAddress } from './rest-address.js';
import type { RestRoute } from './rest-route.js';

function routesOf(
  codec: JsonCodec,
  tenants: boolean,
  routes: (description: OperationDescription) => readonly Route[],
): RestRoute[] {
  const operations = operationsOf(codec);
  const all = Object.entries(OPERATIONS) as [OperationName, OperationDescription][];
  return all.flatMap(([name, description]) =>
    routes(description).map((route) => ({ ...route, name, operation: operations[name], tenants })),
  );
}

export const V10_ROUTES: readonly RestRoute[] = routesOf(v10Codec, true, ({ routes }) => routes);
/** Requests of v0.3 have no tenant. */
export const V03_ROUTES: readonly RestRoute[] = routesOf(v03ProtoCodec, false, ({ v03 }) => v03.routes);

/** All HTTP+JSON paths of both versions, grouped by what a router can tell apart. */
export const REST_ADDRESSES: readonly RestAddress[] = RestAddress.group([...V03_ROUTES, ...V10_ROUTES]);
