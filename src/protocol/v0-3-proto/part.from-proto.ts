import { isObject } from '../../common/is-object.js';
import { base64 } from '../decoding/base64.js';
import { asIs, field, object, optionalText, type Decode } from '../decoding/shape.js';
import { isWrapper, MARKER_KEY, unmark } from '../v0-3/part-marker.js';
import { partFromV03, v03PartPath } from '../v0-3/part.from-v0-3.js';

/** The proto's names first, then those of JSON-RPC. */
const FILE_NAMES = {
  raw: ['fileWithBytes', 'bytes'],
  url: ['fileWithUri', 'uri'],
  filename: ['name'],
  mediaType: ['mimeType'],
} as const;

const fileContent = object(
  {
    raw: field(FILE_NAMES.raw, base64),
    url: field(FILE_NAMES.url),
    filename: field(FILE_NAMES.filename, optionalText),
    mediaType: field(FILE_NAMES.mediaType, optionalText),
  },
  { snakeCase: true },
);

/** `{data: Struct}`; a Struct that is left out is an empty one. Anything else is no data part. */
const dataContent: Decode = (value) => {
  if (!isObject(value)) return undefined;
  if (Object.hasOwn(value, 'data')) return value.data ?? {};
  return Object.keys(value).length === 0 ? {} : undefined;
};

const part = object({ text: asIs, file: fileContent, data: dataContent, metadata: asIs });

/** With a `kind` it is the part of a JSON-RPC client, which v0.3's prose shows for REST too. */
const isRpcPart = (value: Record<string, unknown>): boolean => typeof value.kind === 'string';

export const partFromProto: Decode = (value) => {
  if (!isObject(value)) return value;
  if (isRpcPart(value)) return partFromV03(value);
  const { text, file, data, metadata } = part(value) as Record<string, unknown>;
  if (isObject(file)) {
    return {
      ...(text !== undefined && { text }),
      ...(data !== undefined && { data }),
      ...file,
      ...(metadata !== undefined && { metadata }),
    };
  }
  const wrapped = isWrapper(data, metadata);
  const { own, marker } = unmark(metadata, wrapped);
  return {
    ...(text !== undefined && { text }),
    ...(data !== undefined && { data: wrapped ? data.value : data }),
    ...(own !== undefined && { metadata: own }),
    ...(marker?.filename !== undefined && { filename: marker.filename }),
    ...(marker?.mediaType !== undefined && { mediaType: marker.mediaType }),
  };
};

/** Where a client wrote a canonical member of its part: `url` is `file.fileWithUri`, `data` is `data.data`. */
export function protoPartPath(value: unknown, member: string): string {
  if (!isObject(value)) return member;
  if (isRpcPart(value)) return v03PartPath(value, member);
  if (member === 'data') return 'data.data';
  if (!Object.hasOwn(FILE_NAMES, member)) return member;
  const names = FILE_NAMES[member as keyof typeof FILE_NAMES];
  const { file } = value;
  if (!isObject(file) && (member === 'filename' || member === 'mediaType')) return `metadata.${MARKER_KEY}.${member}`;
  const used = isObject(file) ? names.find((name) => (file[name] ?? null) !== null) : undefined;
  return `file.${used ?? names[0]}`;
}
