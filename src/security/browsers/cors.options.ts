import { checkBoolean, checkKeys, type Report, show } from '../../common/option-checks.js';

/** Which pages of other origins may call and read the answers. */
export interface CorsOptions {
  /** Origins of pages, such as `https://app.example.com`, or `*` for all. At least one. */
  readonly origins: readonly string[];
  /** Whether browsers send cookies and client certificates from these pages. Not with `*`. Default false. */
  readonly credentials?: boolean;
  /** Request headers that pages may send besides those of the protocol and of the authenticators. Default: none. */
  readonly headers?: readonly string[];
}

const KNOWN: readonly (keyof CorsOptions)[] = ['origins', 'credentials', 'headers'];
const HEADER = /^[\w!#$%&'*+.^`|~-]+$/;

/** Throws TypeError with all problems of the options. */
export function corsOptions(given: CorsOptions): Required<CorsOptions> {
  const problems: string[] = [];
  const report: Report = (problem) => void problems.push(problem);
  if (typeof given !== 'object' || given === null) {
    throw new TypeError(
      `http.cors is ${show(given)}: give an object such as { origins: ['https://app.example.com'] }.`,
    );
  }
  const { origins, credentials = false, headers = [] } = given;
  checkKeys(given, KNOWN, 'http.cors', report);
  checkBoolean(credentials, 'http.cors.credentials', report);
  if (!Array.isArray(origins) || origins.length === 0) {
    report(`http.cors.origins is ${show(origins)}: give an array with at least one origin.`);
  } else {
    for (const origin of origins.filter((each) => !isOrigin(each))) {
      report(
        `http.cors.origins has ${show(origin)}: an origin is like https://app.example.com, without path and slash, or *.`,
      );
    }
    if (credentials && origins.includes('*')) {
      report('http.cors.origins has "*", which browsers refuse with http.cors.credentials: name the origins.');
    }
  }
  if (!Array.isArray(headers) || !headers.every((name) => typeof name === 'string' && HEADER.test(name))) {
    report(`http.cors.headers is ${show(headers)}: use an array of names of headers.`);
  }
  if (problems.length > 0) throw new TypeError(problems.join('\n'));
  return { origins, credentials, headers };
}

/** Whether a value is an origin as browsers send it, or `*`. `null`, the origin of sandboxes and files, is none. */
export const isOrigin = (value: unknown): boolean =>
  typeof value === 'string' &&
  (value === '*' || (/^https?:/.test(value) && URL.canParse(value) && new URL(value).origin === value));
