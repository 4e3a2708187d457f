import { pathOf } from '../http/a2a-paths.js';
import type { ProtocolVersion } from '../protocol-version.js';
import { pathTemplate, type PathTemplate } from './path-template.js';
import type { RestRoute } from './rest-route.js';

/** The decoded parts of a path. */
export interface AddressParts {
  /** Undefined: the default agent. */
  readonly agent?: string;
  readonly tenant?: string;
  /** Members of the request, by name. */
  readonly values: Readonly<Record<string, string>>;
  /** The routes here; if there is more than one, they differ by method. */
  readonly routes: readonly RestRoute[];
}

/**
 * Routes that a router cannot tell apart, such as `/tasks/{id}` and `/tasks/{id}:cancel`. This class tells them apart by the path as it was
 * sent: a colon in an id is written `%3A`, one before a verb is not.
 */
export class RestAddress {
  readonly version: ProtocolVersion;
  readonly tenants: boolean;
  /** For Nest's decorators, in Express syntax: `tasks/:id`, `message\:send`. */
  readonly pattern: string;
  readonly #templates: readonly (PathTemplate & { readonly route: RestRoute })[];

  constructor(routes: readonly RestRoute[]) {
    const [{ operation, tenants }] = routes as [RestRoute];
    this.version = operation.version;
    this.tenants = tenants;
    this.#templates = routes.map((route) => ({ ...pathTemplate(route.path), route }));
    this.pattern = this.#templates[0]!.pattern;
  }

  static group(routes: readonly RestRoute[]): RestAddress[] {
    const groups = new Map<string, RestRoute[]>();
    for (const route of routes) {
      const { pattern } = pathTemplate(route.path);
      groups.set(pattern, [...(groups.get(pattern) ?? []), route]);
    }
    return [...groups.values()].map((group) => new RestAddress(group));
  }

  /**
   * Parses a path that a router has matched: its last segments belong to the route, those before name a tenant and an agent.
   * @throws URIError for wrong percent-encoding; routers refuse that earlier.
   */
  read(url: string, { agents, tenants }: { agents: boolean; tenants: boolean }): AddressParts {
    const segments = pathOf(url)
      .split('/')
      .filter((segment) => segment !== '');
    const own = segments.splice(-this.#templates[0]!.length);
    const tenant = tenants ? decodeURIComponent(segments.pop() ?? '') : undefined;
    const agent = agents ? decodeURIComponent(segments.pop() ?? '') : undefined;
    const last = own.at(-1) ?? '';
    const named = this.#templates.find(({ verb }) => verb !== undefined && last.endsWith(`:${verb}`));
    const here = this.#templates.filter(({ verb }) => verb === named?.verb);
    return { agent, tenant, values: here[0]?.values(own) ?? {}, routes: here.map(({ route }) => route) };
  }
}
