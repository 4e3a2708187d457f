import type { ProtocolVersion } from '../protocol-version.js';

const A2A_JSON = 'application/a2a+json';
const JSON_TYPE = 'application/json';

/**
 * The media type of an answer. v0.3 knows `application/json` alone; v1.0 has a type of its own (spec 11.1), in place of which
 * a client may ask for the other. What accepts neither gets the version's own.
 */
export function answerType(version: ProtocolVersion, accept: string | undefined): string {
  if (version === '0.3') return JSON_TYPE;
  return quality(accept, JSON_TYPE) > quality(accept, A2A_JSON) ? JSON_TYPE : A2A_JSON;
}

/** Of a type that is named; ranges with a star weigh the same for both. */
function quality(accept: string | undefined, type: string): number {
  for (const range of (accept ?? '').split(',')) {
    const [name, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    if (name !== type) continue;
    const q = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1);
    return Number.isNaN(q) ? 1 : q;
  }
  return 0;
}
