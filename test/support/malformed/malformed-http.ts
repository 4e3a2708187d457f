import type { SeededRandom } from '../seeded-random.js';
import { mutateBytes, mutateJson, mutateText, pick } from './mutations.js';
import type { HttpSeed } from './seeds.js';

export interface HttpRequestBytes {
  readonly method: string;
  readonly target: string;
  readonly headers: Record<string, string>;
  readonly body?: Buffer;
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];
const HEADERS: Readonly<Record<string, readonly string[]>> = {
  'content-type': [
    '',
    'text/plain',
    'application/json; charset=utf-16',
    'application/a2a+json',
    'multipart/form-data',
    ';',
    'x',
  ],
  'content-encoding': ['gzip', 'identity', 'br', 'x'],
  'a2a-version': ['', '0.3', '1.0', '1.0.7', '99.0', '1', 'x', '1.0, 0.3', '0.30', '-1.0'],
  'a2a-extensions': ['urn:x', ',', ' , ,urn:x,urn:x', 'x'.repeat(2000)],
  'x-a2a-extensions': ['urn:x', ','],
  'last-event-id': ['0', '1', '-1', '1e9', 'x', '99999999999999999999', '1.5', ' '],
  accept: ['text/html', '*/*', 'application/a2a+json', 'text/event-stream', ';q=0', 'x/y'],
  authorization: ['Bearer x', 'Basic !', ''],
  'if-none-match': ['*', '"', 'W/"x", "y"'],
  'if-modified-since': ['x', 'Thu, 01 Jan 1970 00:00:00 GMT'],
};

/** A request that was right once. Some still are after the change: then the answer is an ordinary one. */
export function malformed(random: SeededRandom, seed: HttpSeed, hostile: readonly unknown[]): HttpRequestBytes {
  let { method, target } = seed;
  const headers = { ...seed.headers };
  let json = seed.body;
  let bytes: Buffer | undefined;
  const encoded = (): Buffer => Buffer.from(json === undefined ? '' : JSON.stringify(json));
  for (let left = random.between(1, 3); left > 0; left--) {
    switch (random.between(0, 9)) {
      case 0:
        method = pick(random, METHODS);
        break;
      case 1:
        target = asTarget(mutateText(random, target));
        break;
      case 2:
        target = `${target}${target.includes('?') ? '&' : '?'}${asTarget(mutateText(random, 'pageSize=1&historyLength=x&status=3'))}`;
        break;
      case 3: {
        const name = pick(random, Object.keys(HEADERS));
        headers[name] = pick(random, HEADERS[name]!);
        break;
      }
      case 4:
        bytes = mutateBytes(random, bytes ?? encoded());
        break;
      default:
        if (json === undefined) target = asTarget(mutateText(random, target));
        else json = mutateJson(random, json, hostile);
    }
  }
  const body = bytes ?? (json === undefined ? undefined : encoded());
  return { method, target, headers, ...(body && method !== 'GET' && method !== 'HEAD' && { body }) };
}

/** Node itself refuses more than 16 KiB of head, and closes the connection. */
const TARGET_LENGTH = 4_000;

/** What can stand in a request line; it is the server that is tried here, not the client's parser. */
function asTarget(text: string): string {
  const target = text.replace(/[^\x21-\x7e]/g, (char) => encodeURI(char.toWellFormed()));
  return (target.startsWith('/') ? target : `/${target}`).slice(0, TARGET_LENGTH);
}
