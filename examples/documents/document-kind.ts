export type DocumentKind = 'text' | 'markdown' | 'csv';

const BY_TYPE: Record<string, DocumentKind> = { 'text/markdown': 'markdown', 'text/csv': 'csv' };
const BY_EXTENSION: Record<string, DocumentKind> = { md: 'markdown', markdown: 'markdown', csv: 'csv', tsv: 'csv' };

interface Described {
  readonly mediaType?: string;
  readonly filename?: string;
}

/** By the media type; when that says nothing more than text, by the extension of the file's name. */
export function kindOfDocument({ mediaType = '', filename = '' }: Described): { kind: DocumentKind; header?: boolean } {
  const [type = '', ...parameters] = mediaType.split(';').map((piece) => piece.trim().toLowerCase());
  const extension = /\.([a-z]{2,8})$/i.exec(filename)?.[1]?.toLowerCase() ?? '';
  const kind = lookUp(BY_TYPE, type) ?? lookUp(BY_EXTENSION, extension) ?? 'text';
  const header = parameters.find((parameter) => /^header="?(present|absent)"?$/.test(parameter));
  return { kind, ...(header !== undefined && { header: header.includes('present') }) };
}

const lookUp = (kinds: Record<string, DocumentKind>, key: string): DocumentKind | undefined =>
  Object.hasOwn(kinds, key) ? kinds[key] : undefined;
