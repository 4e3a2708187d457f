/** What the page learns from the server when it is loaded. */
export interface PageValues {
  /** Allows the styles that the page makes while it runs; new for each answer. */
  readonly nonce: string;
  /** From the page to the root of the listener: '../'. */
  readonly root: string;
  readonly firstTask: 'offer' | 'play';
}

/** The built page with its values. None of them comes from a request as it is. */
export function consolePage(built: string, { nonce, root, firstTask }: PageValues): string {
  return built
    .replace('<meta name="a2a-nonce" content="" />', `<meta name="a2a-nonce" content="${nonce}" />`)
    .replace('<meta name="a2a-root" content="../" />', `<meta name="a2a-root" content="${root}" />`)
    .replace('<meta name="a2a-first-task" content="offer" />', `<meta name="a2a-first-task" content="${firstTask}" />`);
}

/** Nothing is loaded from elsewhere, nothing inline runs, no other page may frame it. */
export function pageHeaders(nonce: string): Readonly<Record<string, string>> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    // Images of tasks are shown from memory.
    "img-src 'self' blob:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    ...COMMON_HEADERS,
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy.join('; '),
    'cache-control': 'no-store',
  };
}

/** Of each answer of the console. */
export const COMMON_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};

/** The way from a page at `pathname`, which ends with a slash, to the root: '/ops/console/' is two steps. */
export const rootFrom = (pathname: string): string => '../'.repeat(pathname.split('/').filter(Boolean).length) || './';
