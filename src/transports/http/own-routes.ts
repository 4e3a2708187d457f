import type { Type } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { A2aRoute } from './a2a-route.decorator.js';

/** What a handler of this package serves. Nest copies the metadata of a handler to what it gives the HTTP adapter. */
export interface OwnRoute {
  readonly kind: 'json-rpc' | 'agent-card' | 'rest' | 'event-source';
  /** Paths of the handler below those of its controller. */
  readonly paths: readonly string[];
}

const OWN_ROUTE = Symbol('A2aOwnRoute');
/** Nest's, of `@Get(path)`. */
const PATH = 'path';
/** Of `@ApiExcludeController()` of @nestjs/swagger, which may not be installed. */
const EXCLUDED_FROM_SWAGGER = 'swagger/apiExcludeController';

const routes = new Reflector();

/** Names of our controllers: Nest logs each. */
export const OWN_CONTROLLERS = new Set<string>();

/** Marks the handlers of a controller as ours, and keeps it out of the application's OpenAPI document. */
export function ownController(controller: Type): Type {
  const kind = routes.get(A2aRoute, controller);
  const { prototype } = controller as { prototype: object };
  for (const { value: handler } of Object.values(Object.getOwnPropertyDescriptors(prototype))) {
    if (typeof handler !== 'function') continue;
    const path = Reflect.getMetadata(PATH, handler as object) as string | readonly string[] | undefined;
    if (path === undefined) continue;
    const own: OwnRoute = { kind, paths: typeof path === 'string' ? [path] : path };
    Reflect.defineMetadata(OWN_ROUTE, own, handler as object);
  }
  OWN_CONTROLLERS.add(controller.name);
  Reflect.defineMetadata(EXCLUDED_FROM_SWAGGER, [true], controller);
  return controller;
}

/** Undefined: the handler is the application's. */
export const ownRouteOf = (handler: unknown): OwnRoute | undefined =>
  typeof handler === 'function' ? (Reflect.getMetadata(OWN_ROUTE, handler) as OwnRoute | undefined) : undefined;
