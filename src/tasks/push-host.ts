import { isHandlerId } from './handler-config.js';

/** Name and port of a webhook's host; of a handler the whole; '' when `url` is not a valid URL. */
export function pushHost(url: string): string {
  if (isHandlerId(url)) return url;
  return URL.canParse(url) ? new URL(url).host : '';
}
