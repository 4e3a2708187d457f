import type { ProtocolVersion } from '../protocol-version.js';

const A2A_JSON = 'application/a2a+json';
const JSON_TYPE = 'application/json';

/**
 * The media type of an answer. v0.3 has only `application/json`. v1.0 has its own type (spec 11.1), but a client may ask for
 * `application/json`. If the client accepts neither, it gets the version's own type.
 */
export function answerType(version: ProtocolVersion, accept: string | undefined): string {
  if (version === '0.3') return JSON_TYPE;
  return quality(accept, JSON_TYPE) > quality(accept, A2A_JSON) ? JSON_TYPE : A2A_JSON;
}

/** The quality of a type that is named. Ranges with a star weigh the same for both types, so they are ignored. */
function quality(accept: string | undefined, type: string): number {
  for (const range of (accept ?? '').split(',')) {
    const [name, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    if (name !== type) continue;
    const q = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1);
    return Number.isNaN(q) ? 1 : q;
  }
  return 0;
}
