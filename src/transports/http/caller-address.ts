import { type PlatformRequest, rawRequest } from './platform.js';

/** Where a request comes from, according to the application's proxy settings. undefined: the connection is closed. */
export const addressOf = (request: PlatformRequest): string | undefined =>
  request.ip ?? rawRequest(request).socket.remoteAddress;
