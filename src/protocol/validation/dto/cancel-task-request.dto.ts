import { IsOptional } from 'class-validator';
import type { CancelTaskRequest, JsonObject } from '../../model/index.js';
import { REQUEST_LIMITS } from '../limits.js';
import { IsId, IsJsonObject, IsRequired, IsText } from '../rules/index.js';

/** Spec 3.1.5. */
export class CancelTaskRequestDto implements CancelTaskRequest {
  @IsOptional()
  @IsText({ max: REQUEST_LIMITS.idBytes })
  tenant?: string;

  @IsRequired()
  @IsId()
  id: string;

  @IsOptional()
  @IsJsonObject()
  metadata?: JsonObject;
}
