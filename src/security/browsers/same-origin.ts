/** Whether `origin`, a value of the header `Origin`, is that of the called `host`, a value of the header `Host`. */
export function isOriginOf(origin: string, host: string | undefined): boolean {
  if (host === undefined || !URL.canParse(origin)) return false;
  const { protocol, host: from } = new URL(origin);
  if (!/^https?:$/.test(protocol)) return false;
  // The default port of the scheme may be left out in one of them.
  const called = `${protocol}//${host}`;
  return URL.canParse(called) && new URL(called).host === from;
}
