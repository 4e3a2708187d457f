import { Injectable } from '@nestjs/common';
import type { OwnRoute } from './own-routes.js';

/** One of our routes, as Nest gave it to the HTTP adapter. */
export interface RegisteredRoute {
  readonly kind: OwnRoute['kind'];
  /** Nest's name of the method, in lower case; `all`: any. */
  readonly method: string;
  /** With the global prefix, unless the application excluded the path. */
  readonly path: string;
  /** The path without that of the route itself, and without `/agents/:agent`. No trailing slash. */
  readonly base: string;
  /** Whether it is below `/agents/:agent`. */
  readonly byId: boolean;
}

const BY_ID = '/agents/:agent';

/** Where our routes really are: a global prefix may be set late, and may leave out some of them. */
@Injectable()
export class RegisteredRoutes {
  readonly #routes: RegisteredRoute[] = [];

  add({ kind, paths }: OwnRoute, method: string, registered: string): void {
    const path = plain(registered);
    const own = paths.map(plain).find((suffix) => path.endsWith(suffix)) ?? '';
    const above = path.slice(0, path.length - own.length);
    const byId = above.endsWith(BY_ID);
    this.#routes.push({ kind, method, path, byId, base: byId ? above.slice(0, -BY_ID.length) : above });
  }

  /** Whether the module registered a route with this path. Paths may be in the notation of either adapter. */
  has(path: string): boolean {
    const searched = plain(path);
    return this.#routes.some((route) => route.path === searched);
  }

  get all(): readonly RegisteredRoute[] {
    return this.#routes;
  }

  /** All paths below which requests of the protocol arrive; usually one. */
  bases(): string[] {
    return [...new Set(this.#routes.map(({ base }) => base))];
  }

  /**
   * Below which path a binding is served, to the default agent or to any agent by its id. Undefined: it is not served.
   * @throws Error if a global prefix leaves out some of its routes, but not all
   */
  base(kind: OwnRoute['kind'], byId: boolean): string | undefined {
    // The other methods of JSON-RPC only refuse.
    const here = this.#routes.filter(
      (route) => route.kind === kind && route.byId === byId && (kind !== 'json-rpc' || route.method === 'post'),
    );
    const [first] = here;
    const other = here.find(({ base }) => base !== first?.base);
    if (first !== undefined && other !== undefined) throw new Error(torn(first, other));
    return first?.base;
  }
}

const torn = (one: RegisteredRoute, other: RegisteredRoute): string => {
  const [shorter = ''] = [one.base, other.base].sort((a, b) => a.length - b.length);
  const below = shorter.slice(1);
  const all = below === '' ? "'{*path}'" : `'${below}', '${below}/{*path}'`;
  return (
    `A2aModule: the global prefix excludes some routes of one binding and not others: ${one.path} and ${other.path} would need ` +
    `two URLs on the agent card. Exclude all of them, with app.setGlobalPrefix(prefix, { exclude: [${all}] }), or none.`
  );
};

/** Adapters escape a colon in different ways. No slash at the end. */
const plain = (path: string): string => {
  const unescaped = path.replaceAll('\\:', ':').replaceAll('::', ':');
  const slashed = unescaped.startsWith('/') ? unescaped : `/${unescaped}`;
  return slashed.replace(/\/+$/, '');
};
