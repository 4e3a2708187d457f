/** Name and port of the host that a webhook is on; '' for what is no URL. */
export const pushHost = (url: string): string => (URL.canParse(url) ? new URL(url).host : '');
