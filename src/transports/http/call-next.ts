import type { PlatformResponse } from './platform.js';

/** Leaves a request to whatever else the application has for it, and to its own 404 if that is nothing. */
export function callNext(response: PlatformResponse, next: (() => void) | undefined): void {
  if ('callNotFound' in response) response.callNotFound();
  else next?.();
}
