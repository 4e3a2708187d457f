import { isObject } from '../../common/is-object.js';
import type { JsonObject, JsonValue } from '../model/index.js';

/** Says that the `{value: …}` of a v0.3 data part is a wrapper. The key of the other A2A SDKs, so that they unwrap it too. */
export const WRAPPED_KEY = 'data_part_compat';

/** Holds what a v0.3 part has no member for. */
export const MARKER_KEY = 'a2a_v1_part';

/** `metadata`: the part's own metadata, when it could not be told apart from marks of ours (or was empty). */
export interface PartMarker {
  filename?: string;
  mediaType?: string;
  metadata?: JsonObject;
}

const isText = (value: unknown): value is string | undefined => value === undefined || typeof value === 'string';

/** The marker in a part's metadata; undefined when there is none, or something of another origin has its key. */
export function markerOf(metadata: unknown): PartMarker | undefined {
  if (!isObject(metadata) || !Object.hasOwn(metadata, MARKER_KEY)) return undefined;
  const marker = metadata[MARKER_KEY];
  if (!isObject(marker)) return undefined;
  const { filename, mediaType, metadata: own, ...rest } = marker;
  const ours =
    isText(filename) && isText(mediaType) && (own === undefined || isObject(own)) && Object.keys(rest).length === 0;
  return ours ? (marker as PartMarker) : undefined;
}

export interface Marks {
  filename?: string;
  mediaType?: string;
  wrapped: boolean;
}

/** Metadata of a v0.3 text or data part: the part's own, and what the part itself cannot hold. Undefined when empty-handed. */
export function mark(own: JsonObject | undefined, { filename, mediaType, wrapped }: Marks): JsonObject | undefined {
  const kept = filename !== undefined || mediaType !== undefined;
  const marked = kept || wrapped;
  const nested = own !== undefined && (hasMarks(own) || (marked && Object.keys(own).length === 0));
  if (!marked && !nested) return own;
  const marker: JsonObject = {};
  if (filename !== undefined) marker.filename = filename;
  if (mediaType !== undefined) marker.mediaType = mediaType;
  if (nested) marker.metadata = own;
  return {
    ...(nested ? {} : own),
    ...(wrapped && { [WRAPPED_KEY]: true }),
    ...((kept || nested) && { [MARKER_KEY]: marker }),
  };
}

/** The reverse of `mark`: the part's own metadata, and what it was marked with. */
export function unmark(metadata: unknown, isWrapped: boolean): { own: unknown; marker?: PartMarker } {
  const marker = markerOf(metadata);
  if (!isObject(metadata) || (!marker && !isWrapped)) return { own: metadata };
  if (marker?.metadata !== undefined) return { own: marker.metadata, marker };
  const own: Record<string, unknown> = { ...metadata };
  if (marker) delete own[MARKER_KEY];
  if (isWrapped) delete own[WRAPPED_KEY];
  return { own: Object.keys(own).length > 0 ? own : undefined, marker };
}

/** Whether `data` is the wrapper of a value that v0.3 data parts cannot hold. */
export const isWrapper = (data: unknown, metadata: unknown): data is { value: JsonValue } =>
  isObject(metadata) &&
  Object.hasOwn(metadata, WRAPPED_KEY) &&
  metadata[WRAPPED_KEY] === true &&
  isObject(data) &&
  Object.hasOwn(data, 'value') &&
  Object.keys(data).length === 1;

const hasMarks = (metadata: JsonObject): boolean =>
  Object.hasOwn(metadata, WRAPPED_KEY) || Object.hasOwn(metadata, MARKER_KEY);
