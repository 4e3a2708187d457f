import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { AdminAuthorization, AdminRequest } from '../../admin/access/admin.authorizer.js';
import { AuthenticationError } from '../../security/authentication/authentication.error.js';
import type { Authentication } from '../../security/authentication/authentication.js';
import { challengeOf } from '../../security/authentication/challenge.js';
import type { SecurityScheme } from '../../protocol/model/index.js';
import { httpCall } from '../../transports/http/http-call.js';
import { rawRequest } from '../../transports/http/platform.js';

export interface OperatorProofs {
  /** A bearer token. */
  readonly token?: string;
  /** A role of callers whom `authentication` identifies. */
  readonly role?: string;
  readonly authentication?: Authentication;
}

const BEARER: Readonly<Record<string, SecurityScheme>> = { token: { httpAuthSecurityScheme: { scheme: 'Bearer' } } };

/** Who is an operator: a caller that has the token or the role; without either, any process of this machine. */
export function operatorAuthorization({ token, role, authentication }: OperatorProofs): AdminAuthorization {
  if (token === undefined && role === undefined) return 'loopback';
  const expected = token === undefined ? undefined : digestOf(token);
  return async (request) => {
    const raw = rawRequest(request as unknown as Parameters<typeof rawRequest>[0]);
    if (expected && timingSafeEqual(digestOf(bearerOf(request) ?? ''), expected)) return true;
    if (role === undefined || authentication === undefined) throw unknownOperator(BEARER, request);
    return (await rolesOf(authentication, raw, request)).includes(role);
  };
}

/** Anyone who is identified; the scopes that agents need are not asked for. */
async function rolesOf(
  authentication: Authentication,
  raw: IncomingMessage,
  request: AdminRequest,
): Promise<readonly string[]> {
  const { schemes } = authentication;
  const demand = { securitySchemes: schemes, securityRequirements: [] };
  const caller = await authentication.identify(httpCall(raw, 'admin'), demand);
  if (caller === undefined) throw unknownOperator({ ...schemes }, request);
  const roles: unknown = caller.claims?.roles;
  return Array.isArray(roles) ? (roles as string[]) : [];
}

const unknownOperator = (
  schemes: Readonly<Record<string, SecurityScheme>>,
  request: AdminRequest,
): AuthenticationError =>
  new AuthenticationError(
    'UNAUTHENTICATED',
    'Send the credentials of an operator.',
    challengeOf(schemes, { ...(request.headers.authorization !== undefined && { error: 'invalid_token' }) }),
  );

const bearerOf = ({ headers: { authorization } }: AdminRequest): string | undefined =>
  /^Bearer +([\x21-\x7e]+) *$/i.exec(authorization ?? '')?.[1];

/** Of equal length, whatever is compared. */
const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();
