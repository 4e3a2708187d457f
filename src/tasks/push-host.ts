/** Name and port of a webhook's host; '' when `url` is not a valid URL. */
export const pushHost = (url: string): string => (URL.canParse(url) ? new URL(url).host : '');
