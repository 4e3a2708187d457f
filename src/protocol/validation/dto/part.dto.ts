import { Allow, IsOptional } from 'class-validator';
import type { JsonObject, JsonValue } from '../../model/index.js';
import { REQUEST_LIMITS } from '../limits.js';
import { ExactlyOneOf, IsBase64Text, IsJsonObject, IsText } from '../rules/index.js';

/** A client of v0.3 knows none of `raw` and `url`. */
const V03_CONTENT = '(in v0.3 the member that kind names; a file has one of bytes, uri)';

/** One piece of content: exactly one of `text`, `raw`, `url`, `data`. Spec 4.1.6. */
@ExactlyOneOf(['text', 'raw', 'url', { nullable: 'data' }], V03_CONTENT)
export class PartDto {
  @IsOptional()
  @IsText()
  text?: string;

  /** Base64. */
  @IsOptional()
  @IsBase64Text()
  raw?: string;

  @IsOptional()
  @IsText({ min: 1 })
  url?: string;

  /** Any JSON value; null is one. */
  @Allow()
  data?: JsonValue;

  @IsOptional()
  @IsJsonObject()
  metadata?: JsonObject;

  @IsOptional()
  @IsText({ max: REQUEST_LIMITS.filenameBytes })
  filename?: string;

  @IsOptional()
  @IsText({ max: REQUEST_LIMITS.mediaTypeBytes })
  mediaType?: string;
}
