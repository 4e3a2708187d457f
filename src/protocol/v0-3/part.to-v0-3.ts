import { isObject } from '../../common/is-object.js';
import type { DataPart, JsonObject, Part, RawPart, TextPart, UrlPart } from '../model/index.js';
import { mark } from './part-marker.js';
import type { V03File, V03Part } from './v0-3.model.js';

/** A part as v0.3 writes it. What v0.3 has no place for is kept in the part's metadata and restored on the way back. */
export function partToV03(part: Part): V03Part {
  if ('text' in part) return textPart(part);
  if ('data' in part) return dataPart(part);
  return filePart(part);
}

function textPart({ text, metadata, filename, mediaType }: TextPart): V03Part {
  return withMetadata({ kind: 'text', text }, mark(metadata, { filename, mediaType, wrapped: false }));
}

function dataPart({ data, metadata, filename, mediaType }: DataPart): V03Part {
  const wrapped = !isObject(data);
  const value: JsonObject = wrapped ? { value: data } : data;
  return withMetadata({ kind: 'data', data: value }, mark(metadata, { filename, mediaType, wrapped }));
}

function filePart(part: RawPart | UrlPart): V03Part {
  const file: V03File = 'raw' in part ? { bytes: part.raw } : { uri: part.url };
  if (part.filename !== undefined) file.name = part.filename;
  if (part.mediaType !== undefined) file.mimeType = part.mediaType;
  return withMetadata({ kind: 'file', file }, part.metadata);
}

function withMetadata(part: V03Part, metadata: JsonObject | undefined): V03Part {
  if (metadata !== undefined) part.metadata = metadata;
  return part;
}
