import type { IncomingHttpHeaders } from 'node:http';
import { printable, versionNotSupported } from '../protocol/errors/index.js';

export type ProtocolVersion = '0.3' | '1.0';

/** The version that a request names; `asked` is undefined when it names none. Spec 3.6. */
export interface RequestedVersion {
  readonly asked?: string;
  /** Major.Minor of `asked`; absent when it is not a version. */
  readonly version?: string;
}

const NONE: RequestedVersion = {};
const CURRENT: RequestedVersion = { asked: '1.0', version: '1.0' };

/** `A2A-Version` from the header, else from the query of the URL. Empty counts as absent; a patch number is ignored. */
export function requestedVersion(headers: IncomingHttpHeaders, url: string): RequestedVersion {
  const header = headers['a2a-version'];
  if (header === CURRENT.asked) return CURRENT;
  const asked = (typeof header === 'string' ? header.trim() : '') || fromQuery(url);
  if (asked === '') return NONE;
  const [, version] = /^(\d{1,4}\.\d{1,4})(?:\.\d{1,9})?$/.exec(asked) ?? [];
  return { asked, version };
}

function fromQuery(url: string): string {
  const query = url.indexOf('?');
  return query < 0 ? '' : (new URLSearchParams(url.slice(query + 1)).get('A2A-Version') ?? '').trim();
}

/** The version whose form an answer takes when nothing else has decided it. No version means 0.3. */
export const shapeOf = ({ asked, version }: RequestedVersion): ProtocolVersion =>
  asked === undefined || version === '0.3' ? '0.3' : '1.0';

/** @throws A2AError VERSION_NOT_SUPPORTED for a request in a version that is not served, whatever it requests. */
export function assertServed({ asked, version }: RequestedVersion): void {
  if (asked !== undefined && version !== '1.0' && version !== '0.3') throw versionNotSupported(asked);
}

/**
 * The requested version decides, never the method name or the path. `subject` says what is requested: `GetTask is a method`. `lenient`:
 * allows what belongs to v1.0 when no version is requested.
 * @throws A2AError VERSION_NOT_SUPPORTED for a version that is not served, and for requesting in one version what only the other has.
 */
export function assertVersion(
  requested: RequestedVersion,
  family: ProtocolVersion,
  lenient: boolean,
  subject: string,
): void {
  const { asked, version } = requested;
  if (asked === undefined ? family === '0.3' || lenient : version === family) return;
  assertServed(requested);
  throw versionNotSupported(
    asked ?? '',
    asked === undefined
      ? `${subject} of A2A 1.0, and a request without A2A-Version is one of 0.3. Send the header A2A-Version: 1.0.`
      : `${subject} of A2A ${family}, but the request says A2A-Version: ${printable(asked)}. Let them agree.`,
  );
}
