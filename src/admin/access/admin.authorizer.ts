import type { InjectionToken } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';

/**
 * Decides whether the sender of a request is an operator. The request is that of the HTTP adapter: an Express or a Fastify request. false
 * answers 403. To answer 401, throw Nest's UnauthorizedException, or an A2AError with the reason UNAUTHENTICATED.
 */
export type AdminAuthorize = (request: AdminRequest) => boolean | Promise<boolean>;

/** A provider that decides the same. */
export interface AdminAuthorizer {
  authorize: AdminAuthorize;
}

/** What Express and Fastify requests have in common. Further members, such as `user`, are those that your guards and middleware set. */
export interface AdminRequest {
  readonly headers: IncomingMessage['headers'];
  readonly method?: string;
  readonly url?: string;
  readonly ip?: string;
  readonly [member: string]: unknown;
}

/**
 * Who is an operator: `'loopback'` (any process of this machine, not through a proxy), a function, or the token of a provider with a method
 * `authorize(request)`.
 */
export type AdminAuthorization = 'loopback' | AdminAuthorize | { readonly provider: InjectionToken<AdminAuthorizer> };
