export { OutboundError, type OutboundErrorCode } from './outbound.error.js';
export { OutboundGuard } from './outbound.guard.js';
export { OutboundHttp } from './outbound-http.js';
export type {
  OutboundOptions,
  OutboundRequest,
  OutboundResponse,
  RequireHttps,
  ResolvedAddress,
  ResolveHost,
} from './outbound.options.js';
