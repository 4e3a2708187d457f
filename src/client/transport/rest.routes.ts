import { type OperationDescription, type OperationName, OPERATIONS, type Route } from '../../protocol/operations.js';
import { A2AClientInvalidArgsError } from '../errors/client.errors.js';

export interface RestRequest {
  readonly method: Route['method'];
  readonly path: string;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: object;
}

/**
 * The routes of an operation, in the order to try them. `request` supplies path and query, `wire` is the body. The specification's prose
 * subscribes by POST, its proto by GET; v0.3 servers mostly serve GET. Spec 11.3.
 */
export function restRoutes(
  operation: OperationName,
  request: object,
  wire: object,
  version: '1.0' | '0.3',
): RestRequest[] {
  const { routes, v03 }: OperationDescription = OPERATIONS[operation];
  return (version === '1.0' ? routes.toReversed() : v03.routes).map((route) => requestAt(route, request, wire));
}

function requestAt({ method, path, body }: Route, request: object, wire: object): RestRequest {
  const members: Record<string, unknown> = { ...request };
  const inPath: string[] = [];
  const filled = path.replace(/\{(\w+)\}/g, (_whole, name: string) => {
    inPath.push(name);
    return segment(name, members[name] as string | undefined);
  });
  if (body === undefined) return { method, path: filled, query: without(members, inPath) };
  return { method, path: filled, body: body === 'required' ? wire : without(wire, inPath) };
}

/** An id as a path segment. Dots alone would change the path, encoded or not. */
export function segment(name: string, id = ''): string {
  if (id !== '.' && id !== '..') return encodeURIComponent(id);
  throw new A2AClientInvalidArgsError(`${name} must not be '${id}', which no path can hold.`);
}

const without = (object: object, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
