import { OutboundError } from '../../security/outbound/index.js';
import {
  A2AClientConnectionError,
  A2AClientError,
  A2AClientForbiddenAddressError,
  A2AClientInvalidArgsError,
} from '../errors/client.errors.js';

/**
 * Maps the failure of a request to an error of the client. Messages name only the host and the system's code: paths, queries and headers
 * can contain secrets.
 */
export function clientErrorOf(error: unknown, host: string, sent: boolean): A2AClientError {
  if (error instanceof A2AClientError) return error;
  if (error instanceof OutboundError) return ofGuard(error);
  const code = codeOf(error);
  if (code === 'ERR_INVALID_CHAR' || code === 'ERR_INVALID_HTTP_TOKEN' || code === 'ERR_HTTP_INVALID_HEADER_VALUE') {
    return new A2AClientInvalidArgsError(
      'A header of the request cannot be sent: look for line breaks in its name and value.',
    );
  }
  if (code?.startsWith('HPE_'))
    return new A2AClientConnectionError(`${host} did not answer in HTTP (${code}).`, sent, code);
  const how = code === undefined ? '' : ` (${code})`;
  return new A2AClientConnectionError(`The connection to ${host} ${sent ? 'broke' : 'failed'}${how}.`, sent, code);
}

function ofGuard({ code, message, detail }: OutboundError): A2AClientError {
  if (code === 'address')
    return new A2AClientForbiddenAddressError(`${message} To allow it, name it in the option 'allow'.`);
  if (code === 'url') return new A2AClientInvalidArgsError(message);
  return new A2AClientConnectionError(message, false, detail);
}

/** The system's code of an error, if it has one. */
export function codeOf(error: unknown): string | undefined {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}
