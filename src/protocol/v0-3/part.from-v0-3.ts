import { isObject } from '../../common/is-object.js';
import { base64 } from '../decoding/base64.js';
import { asIs, field, object, type Decode } from '../decoding/shape.js';
import { isWrapper, MARKER_KEY, unmark } from './part-marker.js';

/**
 * Names of a file's members. JSON-RPC has `bytes` and `uri`, the v0.3 proto `fileWithBytes` and `fileWithUri`, and prose
 * of v0.3 `data`: all are met in the wild.
 */
const FILE_NAMES = {
  raw: ['bytes', 'fileWithBytes', 'data'],
  url: ['uri', 'fileWithUri', 'url'],
  filename: ['name'],
  mediaType: ['mimeType'],
} as const;

const KINDS = ['text', 'file', 'data'] as const;
type PartKind = (typeof KINDS)[number];

const fileContent = object({
  raw: field(FILE_NAMES.raw, base64),
  url: field(FILE_NAMES.url),
  filename: field(FILE_NAMES.filename),
  mediaType: field(FILE_NAMES.mediaType),
});
const partMetadata = object({ metadata: asIs });

/**
 * The kind a part declares (early drafts called it `type`), or without one that of its content. A kind unknown to v0.3 is
 * undefined: a part without content.
 */
function kindOf(part: Record<string, unknown>): PartKind | undefined {
  const declared = part.kind ?? part.type ?? undefined;
  return KINDS.find((kind) => (declared === undefined ? Object.hasOwn(part, kind) : kind === declared));
}

export const partFromV03: Decode = (part) => {
  if (!isObject(part)) return part;
  const common = partMetadata(part) as Record<string, unknown>;
  const kind = kindOf(part);
  if (kind === 'file') return isObject(part.file) ? { ...common, ...(fileContent(part.file) as object) } : common;
  if (kind === undefined || !Object.hasOwn(part, kind) || (kind === 'text' && part.text === null)) return common;
  const wrapped = kind === 'data' && isWrapper(part.data, part.metadata);
  const { own, marker } = unmark(common.metadata, wrapped);
  return {
    [kind]: wrapped ? (part.data as { value: unknown }).value : part[kind],
    ...(own !== undefined && { metadata: own }),
    ...(marker?.filename !== undefined && { filename: marker.filename }),
    ...(marker?.mediaType !== undefined && { mediaType: marker.mediaType }),
  };
};

/** Where a client wrote a canonical member of its part: `url` of a file part is `file.uri`. */
export function v03PartPath(part: unknown, member: string): string {
  if (!isObject(part) || !Object.hasOwn(FILE_NAMES, member)) return member;
  const names = FILE_NAMES[member as keyof typeof FILE_NAMES];
  const { file } = part;
  if (kindOf(part) === 'file') {
    const used = isObject(file)
      ? names.find((name) => Object.hasOwn(file, name) && (file[name] ?? null) !== null)
      : undefined;
    return `file.${used ?? names[0]}`;
  }
  return member === 'filename' || member === 'mediaType' ? `metadata.${MARKER_KEY}.${member}` : member;
}
