import { IsOptional } from 'class-validator';
import type { SubscribeToTaskRequest } from '../../model/index.js';
import { REQUEST_LIMITS } from '../limits.js';
import { IsId, IsRequired, IsText } from '../rules/index.js';

/** Spec 3.1.6. */
export class SubscribeToTaskRequestDto implements SubscribeToTaskRequest {
  @IsOptional()
  @IsText({ max: REQUEST_LIMITS.idBytes })
  tenant?: string;

  @IsRequired()
  @IsId()
  id: string;
}
