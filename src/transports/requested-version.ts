import type { IncomingHttpHeaders } from 'node:http';

/** What a request says of its version; `asked` is undefined when it says nothing. Spec 3.6. */
export interface RequestedVersion {
  readonly asked?: string;
  /** Major.Minor of `asked`; absent when it is no version. */
  readonly version?: string;
}

/** `A2A-Version` from the header, else from the query of the url. An empty one is as good as none; a patch number is ignored. */
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
