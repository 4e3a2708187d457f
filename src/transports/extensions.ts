import type { IncomingHttpHeaders } from 'node:http';
import { activeExtensions } from '../agents/active-extensions.js';
import { RESUME_EXTENSION_URI } from '../agents/cards/resume.extension.js';
import type { AgentExtension } from '../protocol/model/index.js';
import type { ProtocolVersion } from './protocol-version.js';

const NONE: readonly string[] = [];
/** v0.3 clients send `X-A2A-Extensions`; the answer uses the name of the request. */
const NAMES = ['a2a-extensions', 'x-a2a-extensions'] as const;

/** The URIs of the requested extensions: comma-separated, each once, in the given order. Spec 3.2.6. */
export function requestedExtensions(headers: IncomingHttpHeaders): readonly string[] {
  if (headers[NAMES[0]] === undefined && headers[NAMES[1]] === undefined) return NONE;
  const given = NAMES.map((name) => headers[name]).filter((value) => value !== undefined);
  const uris = given.flatMap((value) => String(value).split(',')).map((uri) => uri.trim());
  return [...new Set(uris.filter((uri) => uri !== ''))];
}

/**
 * Whether the events of a stream have ids. v0.3 callers must ask for them: the clients of v0.3's tutorials expect each event to begin with
 * `data:`.
 */
export const wantsEventIds = (
  version: ProtocolVersion,
  headers: IncomingHttpHeaders,
  offered: readonly AgentExtension[] | undefined,
): boolean =>
  version === '1.0' ||
  headers['last-event-id'] !== undefined ||
  activeExtensions(offered, requestedExtensions(headers)).includes(RESUME_EXTENSION_URI);

/** The header that lists the requested extensions which are active; empty when none was requested or the agent has none of them. */
export function activatedExtensions(
  headers: IncomingHttpHeaders,
  offered: readonly AgentExtension[] | undefined,
): Record<string, string> {
  const requested = requestedExtensions(headers);
  const active = requested.length > 0 ? activeExtensions(offered, requested) : NONE;
  if (active.length === 0) return {};
  return { [headers[NAMES[0]] === undefined ? 'X-A2A-Extensions' : 'A2A-Extensions']: active.join(', ') };
}
