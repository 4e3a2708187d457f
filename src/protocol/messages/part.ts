import type { JsonObject, JsonValue } from '../model/json.js';
import { ExactlyOneOf } from '../validation/rules/index.js';
import { REQUEST_LIMITS } from '../validation/limits.js';
import { Field } from './field.decorator.js';
import { bytes, string, struct, value } from './kind.js';
import { text } from './kinds.js';

/** A client of v0.3 knows none of `raw` and `url`. */
const V03_CONTENT = '(in v0.3 the member that kind names; a file has one of bytes, uri)';

/** All members of a Part, of which `Part` says which go together. */
@ExactlyOneOf(['text', 'raw', 'url', { nullable: 'data' }], V03_CONTENT)
export class PartFields {
  @Field(1, text, 'oneof')
  text?: string;

  /** Base64. */
  @Field(2, bytes, 'oneof')
  raw?: string;

  @Field(3, string({ min: 1 }), 'oneof')
  url?: string;

  /** Any JSON value; null is one. */
  @Field(4, value, 'oneof', 'Any JSON value.')
  data?: JsonValue;

  @Field(5, struct)
  metadata?: JsonObject;

  @Field(6, string({ max: REQUEST_LIMITS.filenameBytes }))
  filename?: string;

  /** IANA media type of the content. */
  @Field(7, string({ max: REQUEST_LIMITS.mediaTypeBytes }))
  mediaType?: string;
}

type PartRest = Pick<PartFields, 'metadata' | 'filename' | 'mediaType'>;

/** A part of plain text. */
export type TextPart = PartRest & { text: string };
/** `raw` is base64, standard alphabet, padded. */
export type RawPart = PartRest & { raw: string };
/** A file, by its URL. */
export type UrlPart = PartRest & { url: string };
/** `data: null` is a present data part. */
export type DataPart = PartRest & { data: JsonValue };

/** One piece of content: exactly one of `text`, `raw`, `url`, `data`, told apart by presence. Spec 4.1.6. */
export type Part = TextPart | RawPart | UrlPart | DataPart;
