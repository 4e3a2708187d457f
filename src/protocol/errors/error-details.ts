import type { JsonObject } from '../model/index.js';
import type { PublicError } from './public-error.js';

export const ERROR_DOMAIN = 'a2a-protocol.org';

const TYPE = 'type.googleapis.com/google.rpc.';

/**
 * The typed details of an error, as `google.rpc` messages in ProtoJSON: an ErrorInfo always (spec 5.4), a BadRequest with
 * the violations and a RetryInfo when there are such.
 */
export function errorDetails({ reason, metadata, violations, retryAfter }: PublicError): JsonObject[] {
  const details: JsonObject[] = [
    { '@type': `${TYPE}ErrorInfo`, reason, domain: ERROR_DOMAIN, metadata: { ...metadata } },
  ];
  if (violations.length > 0) {
    details.push({ '@type': `${TYPE}BadRequest`, fieldViolations: violations.map((violation) => ({ ...violation })) });
  }
  if (retryAfter !== undefined)
    details.push({ '@type': `${TYPE}RetryInfo`, retryDelay: `${Number(retryAfter.toFixed(3))}s` });
  return details;
}
