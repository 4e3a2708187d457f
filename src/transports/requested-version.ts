import type { IncomingHttpHeaders } from 'node:http';

/** The version that a request names; `asked` is undefined when it names none. Spec 3.6. */
export interface RequestedVersion {
  readonly asked?: string;
  /** Major.Minor of `asked`; absent when it is not a version. */
  readonly version?: string;
}

/** `A2A-Version` from the header, else from the query of the URL. Empty counts as absent; a patch number is ignored. */
export function requestedVersion(headers: IncomingHttpHeaders, url: string): RequestedVersion {
  const header = headers['a2a-version'];
  const asked = (typeof header === 'string' ? header.trim() : '') || fromQuery(url);
  if (asked === '') return {};
  const [, version] = /^(\d{1,4}\.\d{1,4})(?:\.\d{1,9})?$/.exec(asked) ?? [];
  return { asked, version };
}

function fromQuery(url: string): string {
  const query = url.indexOf('?');
  return query < 0 ? '' : (new URLSearchParams(url.slice(query + 1)).get('A2A-Version') ?? '').trim();
}
