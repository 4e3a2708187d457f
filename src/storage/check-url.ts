/** Throws TypeError unless it is a URL of that form. `example` shows a call that is right. The URL itself is never shown. */
export function checkUrl(url: unknown, form: RegExp, example: string): asserts url is string {
  if (typeof url === 'string' && form.test(url)) return;
  throw new TypeError(`${example.split('(', 1)[0]} needs a url, like ${example}.`);
}
