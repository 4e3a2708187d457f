import { type A2AError, printable, versionNotSupported } from '../../protocol/errors/index.js';
import type { AskedVersion } from '../http/asked-version.js';

export type ProtocolVersion = '0.3' | '1.0';

const served = (version: string | undefined): version is ProtocolVersion => version === '1.0' || version === '0.3';

/** The version whose form an answer takes when no method has settled it. Nothing said means 0.3. */
export const shapeOf = ({ asked, version }: AskedVersion): ProtocolVersion =>
  asked === undefined || version === '0.3' ? '0.3' : '1.0';

/** The error of a request for a version that is not served, whatever its method. */
export function refusedVersion({ asked, version }: AskedVersion): A2AError | undefined {
  return asked === undefined || served(version) ? undefined : versionNotSupported(asked);
}

/**
 * The error of a method called in a version that does not have it: the version that was asked for rules, never the method's
 * name. `lenient`: a v1.0 method without any version is let through.
 */
export function wrongFamily(
  method: string,
  family: ProtocolVersion,
  asked: AskedVersion,
  lenient: boolean,
): A2AError | undefined {
  if (asked.asked === undefined ? family === '0.3' || lenient : asked.version === family) return undefined;
  const name = printable(method);
  return versionNotSupported(
    asked.asked ?? '',
    asked.asked === undefined
      ? `${name} is a method of A2A 1.0, and a request without A2A-Version is one of 0.3. Send the header A2A-Version: 1.0.`
      : `${name} is a method of A2A ${family}, but the request says A2A-Version: ${printable(asked.asked)}. Let them agree.`,
  );
}
