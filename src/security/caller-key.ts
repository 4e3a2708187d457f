import { ANONYMOUS } from './call-context.js';

/**
 * Whose share of the limits a call takes: that of its owner, over all tenants. Those whom nobody has identified share one owner, so
 * that they are told apart by their addresses.
 */
export const callerKey = (owner: string | undefined, address: string | undefined): string =>
  owner === undefined || owner === ANONYMOUS ? `address ${address ?? ''}` : `owner ${owner}`;
