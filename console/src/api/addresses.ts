/** Content of a meta element that the server writes into the page. */
function meta(name: string): string | undefined {
  return document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content;
}

/** Where the page is, without its query and hash: ends with a slash. */
const base = new URL('.', location.href);

export const apiUrl = (path: string): URL => new URL(`api/${path}`, base);

/** The root of the listener, as the browser reaches it: relative to the page, so that prefixes of proxies stay. */
export const rootUrl = new URL(meta('a2a-root') ?? '../', base);

/** An address below the root: '/agents/progress'. */
export const belowRoot = (path: string): URL => new URL(path.replace(/^\//, ''), rootUrl);

export const nonce = meta('a2a-nonce') ?? '';

/** The server wants a first task to be played while there is none. */
export const playsFirstTask = meta('a2a-first-task') === 'play';
