import { RequestMethod, type Type } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type OpenApiDocument } from '../../openapi/index.js';
import { referredSchemas } from '../../openapi/finished.js';
import { header, json, ref, type Schema, text } from '../../openapi/schema.js';
import { v10Schemas } from '../../openapi/v1-0.schemas.js';
import { WRITE_HEADER } from '../access/admin.access.js';
import { Described, type RouteDescription } from '../http/described.decorator.js';
import { parametersOf } from '../queries/parameter.decorators.js';
import { adminSchemas } from './admin.schemas.js';

/** Nest's, of controllers and of their methods. */
const [PATH, METHOD, STATUS] = ['path', 'method', '__httpCode__'];

const WHY: Readonly<Record<number, string>> = {
  400: 'A parameter is wrong; the message names it.',
  401: 'You have not said who you are.',
  403: 'You are not an operator, or the header or the origin is wrong, or the API is read-only.',
  404: 'There is no such thing.',
  410: 'These events are no longer in the log.',
  413: 'The task is too large: read its events.',
  429: 'Too many event streams are open.',
  503: 'The storage does not answer, or the server is shutting down.',
};

interface Route {
  /** `/tasks/{id}` */
  readonly path: string;
  readonly method: string;
  readonly name: string;
  readonly status: number;
  readonly description: RouteDescription;
}

const reflector = new Reflector();

/** The routes of controllers, as Nest registers them. */
export function routesOf(controllers: readonly Type[]): Route[] {
  return controllers.flatMap((controller) => {
    const base = String(Reflect.getMetadata(PATH, controller));
    const { prototype } = controller as { prototype: Record<string, object> };
    return Object.getOwnPropertyNames(prototype).flatMap((name): Route[] => {
      const handler = prototype[name] as never;
      const description = name === 'constructor' ? undefined : reflector.get(Described, handler);
      if (description === undefined) return [];
      const segments = [base, String(Reflect.getMetadata(PATH, handler))].flatMap((part) => part.split('/'));
      const path = segments.filter((segment) => segment !== '').map((segment) => segment.replace(/^:(.*)/, '{$1}'));
      const method = RequestMethod[Reflect.getMetadata(METHOD, handler) as number] ?? 'GET';
      const status = (Reflect.getMetadata(STATUS, handler) as number | undefined) ?? 200;
      return [{ path: `/${path.join('/')}`, method: method.toLowerCase(), name, status, description }];
    });
  });
}

/** The OpenAPI document of the admin API below `base`. */
export function adminDocument(
  controllers: readonly Type[],
  base: string,
  version: string,
): OpenApiDocument & { info: object } {
  const paths: Record<string, Record<string, Schema>> = {};
  for (const route of routesOf(controllers)) (paths[route.path] ??= {})[route.method] = operationOf(route);
  return {
    openapi: '3.1.0',
    info: {
      title: 'A2A operators',
      version,
      description: 'Tasks of all owners, and what operators may do about them.',
    },
    ...{ servers: [{ url: base === '' ? '/' : base }] },
    paths,
    components: { schemas: referredSchemas(paths, { ...v10Schemas, ...adminSchemas }) },
  };
}

function operationOf({ path, method, name, status, description }: Route): Schema {
  const { summary, query, answer, stream, errors = [] } = description;
  const reads = method === 'get';
  const refused = [400, 401, 403, ...errors, ...(stream ? [429] : []), 503];
  const body =
    answer === undefined ? { description: 'Done' } : stream ? frames(answer) : json(ref(answer), 'The answer');
  return {
    operationId: name,
    summary,
    parameters: [
      ...[...path.matchAll(/\{(\w+)\}/g)].map(([, id]) => ({ name: id, in: 'path', required: true, schema: text() })),
      ...[...(query ? parametersOf(query) : [])].map(([id, parameter]) => ({
        ...{ name: id, in: 'query', description: parameter.description, schema: parameter.schema },
      })),
      ...(stream && query ? [header('Last-Event-ID', 'The last event that the client has.')] : []),
      ...(reads
        ? []
        : [header(WRITE_HEADER, 'Always 1.', { required: true, schema: { type: 'string', enum: ['1'] } })]),
    ],
    responses: {
      [status]: body,
      ...(stream && query && { 204: { description: 'Nothing follows that event: the task has ended.' } }),
      ...Object.fromEntries(refused.map((code) => [code, json(ref('AdminError'), WHY[code] ?? '')])),
    },
  };
}

const frames = (answer: string): Schema => ({
  description: 'The events',
  content: { 'text/event-stream': { schema: text(`A frame for each event; its data is a ${answer}.`) } },
});
