import { isObject } from '../../../common/is-object.js';
import type { JsonObject, SecurityScheme } from '../../model/index.js';

/** v1.0 member of the oneof, and v0.3 `type`. */
const TYPES = [
  ['apiKeySecurityScheme', 'apiKey'],
  ['httpAuthSecurityScheme', 'http'],
  ['oauth2SecurityScheme', 'oauth2'],
  ['openIdConnectSecurityScheme', 'openIdConnect'],
  ['mtlsSecurityScheme', 'mutualTLS'],
] as const;

/** OAuth flows that v0.3 knows. */
const V03_FLOWS = ['authorizationCode', 'clientCredentials', 'implicit', 'password'] as const;

/**
 * v0.3 form of a scheme; undefined for a kind of scheme that is not in the protocol. A device code flow and `pkceRequired`
 * have no v0.3 form: an OAuth scheme of that flow alone keeps its place, without flows, so that requirements naming it
 * still hold.
 */
export function schemeToV03(scheme: SecurityScheme): JsonObject | undefined {
  for (const [member, type] of TYPES) {
    const body = Object.hasOwn(scheme, member) ? scheme[member] : undefined;
    if (body === undefined) continue;
    if (type === 'oauth2') return { type, ...body, flows: flowsToV03(body.flows) };
    if (type !== 'apiKey') return { type, ...body };
    const { location, ...rest } = body;
    return { type, ...rest, ...(location !== undefined && { in: location }) };
  }
  return undefined;
}

function flowsToV03(flows: unknown): JsonObject {
  const result: JsonObject = {};
  for (const name of V03_FLOWS) {
    const flow = isObject(flows) ? flows[name] : undefined;
    if (!isObject(flow)) continue;
    const { pkceRequired: _pkceRequired, ...rest } = flow as JsonObject;
    result[name] = rest;
  }
  return result;
}

/**
 * v1.0 form of a scheme, by name. A v1.0 OAuth scheme has one flow, so that one with several becomes as many schemes,
 * called `{name}.{flow}`. Empty for a `type` that is not in the protocol.
 */
export function schemeToV10(name: string, scheme: JsonObject): [name: string, scheme: SecurityScheme][] {
  const { type, ...rest } = scheme;
  const member = TYPES.find(([, v03]) => v03 === type)?.[0];
  if (member === undefined) return [];
  if (type === 'apiKey') {
    const { in: location, ...others } = rest;
    return [[name, { [member]: { ...others, ...(location !== undefined && { location }) } }]];
  }
  const flows = type === 'oauth2' && isObject(rest.flows) ? Object.entries(rest.flows) : [];
  if (flows.length < 2) return [[name, { [member]: rest }]];
  return flows.map(([flow, body]) => [
    `${name}.${flow}`,
    { [member]: { ...rest, flows: { [flow]: body } as JsonObject } },
  ]);
}
