import type { Type } from '@nestjs/common';
import { Reflector } from '@nestjs/core';

/** What the description of the API says of a route besides its address. */
export interface RouteDescription {
  readonly summary: string;
  /** The class of its query. Default: it has no parameters. */
  readonly query?: Type<object>;
  /** The name of its answer among the schemas. Absent: it has no body. */
  readonly answer?: string;
  /** The answer is a stream of server-sent events, each with that body. */
  readonly stream?: true;
  /** What a route that changes something is called in the audit trail. */
  readonly action?: string;
  /** Errors besides those that each route may have. */
  readonly errors?: readonly number[];
}

/** Describes a route of the admin API. */
export const Described = Reflector.createDecorator<RouteDescription>();
