import type { HttpServer } from '@nestjs/common';
import { type OwnRoute, ownRouteOf } from './own-routes.js';

const METHODS = ['all', 'delete', 'get', 'patch', 'post', 'put'] as const;

type Register = (...args: unknown[]) => unknown;

/** Calls `own` for each of our routes that Nest gives to the adapter; `register` adds it. */
export function watchRoutes(
  adapter: HttpServer,
  own: (route: OwnRoute, method: string, path: string, register: () => unknown) => unknown,
): void {
  const methods = adapter as unknown as Record<(typeof METHODS)[number], Register>;
  for (const method of METHODS) {
    const register = methods[method].bind(adapter);
    methods[method] = (...args) => {
      const route = ownRouteOf(args.at(-1));
      const [path] = args;
      if (route === undefined || typeof path !== 'string') return register(...args);
      return own(route, method, path, () => register(...args));
    };
  }
}
