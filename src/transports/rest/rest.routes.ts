import { RestAddress } from './rest-address.js';
import type { RestRoute } from './rest-route.js';
import { V03_ROUTES } from './v0-3.routes.js';
import { V10_ROUTES } from './v1-0.routes.js';

/** All that HTTP+JSON serves, of both versions. */
export const REST_ROUTES: readonly RestRoute[] = [...V03_ROUTES, ...V10_ROUTES];

/** The same by what a router can tell apart. */
export const REST_ADDRESSES: readonly RestAddress[] = RestAddress.group(REST_ROUTES);
