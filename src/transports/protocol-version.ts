import { type A2AError, printable, versionNotSupported } from '../protocol/errors/index.js';
import type { RequestedVersion } from './requested-version.js';

export type ProtocolVersion = '0.3' | '1.0';

const served = (version: string | undefined): version is ProtocolVersion => version === '1.0' || version === '0.3';

/** The version whose form an answer takes when nothing else has decided it. No version means 0.3. */
export const shapeOf = ({ asked, version }: RequestedVersion): ProtocolVersion =>
  asked === undefined || version === '0.3' ? '0.3' : '1.0';

/** The error for a request in an unsupported version, whatever it requests. */
export function refusedVersion({ asked, version }: RequestedVersion): A2AError | undefined {
  return asked === undefined || served(version) ? undefined : versionNotSupported(asked);
}

/**
 * The error for requesting in one version what only the other has. The requested version decides, never the method name or the path.
 * `subject` says what it is: `GetTask is a method`. `lenient`: allows what belongs to v1.0 when no version is requested.
 */
export function versionMismatch(
  subject: string,
  family: ProtocolVersion,
  asked: RequestedVersion,
  lenient: boolean,
): A2AError | undefined {
  if (asked.asked === undefined ? family === '0.3' || lenient : asked.version === family) return undefined;
  return versionNotSupported(
    asked.asked ?? '',
    asked.asked === undefined
      ? `${subject} of A2A 1.0, and a request without A2A-Version is one of 0.3. Send the header A2A-Version: 1.0.`
      : `${subject} of A2A ${family}, but the request says A2A-Version: ${printable(asked.asked)}. Let them agree.`,
  );
}
