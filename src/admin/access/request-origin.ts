import type { IncomingMessage } from 'node:http';
import { isLoopbackHost } from '../../common/loopback.js';
import { hostNameOf } from '../../security/browsers/host-list.js';
import { isOriginOf } from '../../security/browsers/same-origin.js';

type Headers = Pick<IncomingMessage, 'headers'>;

/** Whether the request names this machine. A page of another site whose name was made to resolve to 127.0.0.1 sends its own name. */
export function namesLoopback({ headers }: Headers): boolean {
  const name = hostNameOf(headers.host ?? '');
  return name !== undefined && isLoopbackHost(name);
}

/** Whether no page, or a page of the called host, has sent the request. */
export const isSameOrigin = ({ headers: { host, origin } }: Headers): boolean =>
  origin === undefined || isOriginOf(origin, host);

/** Whether the client is on this machine and no proxy has forwarded the request. */
export function isLocal({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>): boolean {
  if (headers.forwarded !== undefined || headers['x-forwarded-for'] !== undefined) return false;
  return isLoopbackHost((socket.remoteAddress ?? '').replace(/^::ffff:/i, ''));
}
