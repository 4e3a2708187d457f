import type { RestRoute } from './rest-route.js';

/** HEAD is GET without the body, and a stream is nothing but body. */
const takesHead = ({ method, operation }: RestRoute): boolean => method === 'GET' && !operation.streams;

export const routeFor = (routes: readonly RestRoute[], method: string | undefined): RestRoute | undefined =>
  routes.find((route) => route.method === method || (method === 'HEAD' && takesHead(route)));

/** The header `Allow`. RFC 9110, 10.2.1. */
export const allowedMethods = (routes: readonly RestRoute[]): string =>
  routes.flatMap((route) => (takesHead(route) ? ['GET', 'HEAD'] : [route.method])).join(', ');
