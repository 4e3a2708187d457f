import type { HttpAnswer } from './http-answer.js';

/** Maximum redirects that are followed in a row. */
const MAX_REDIRECTS = 5;

export const isRedirect = (status: number): boolean => status >= 300 && status < 400 && status !== 304;

/**
 * Requests `url` and follows redirects within its origin, because credentials belong to that. The result may be a redirect that was not
 * followed.
 */
export async function followRedirects(
  url: string,
  ask: (url: string) => Promise<HttpAnswer>,
): Promise<{ readonly answer: HttpAnswer; readonly url: string }> {
  let at = url;
  for (let left = MAX_REDIRECTS; ; left--) {
    const answer = await ask(at);
    const next = left > 0 ? sameOrigin(answer, at) : undefined;
    if (next === undefined) return { answer, url: at };
    answer.close();
    at = next;
  }
}

function sameOrigin(answer: HttpAnswer, from: string): string | undefined {
  const location = isRedirect(answer.status) ? answer.header('location') : undefined;
  if (location === undefined || !URL.canParse(location, from)) return undefined;
  const to = new URL(location, from);
  return to.origin === new URL(from).origin ? to.href : undefined;
}
