import { IsOptional } from 'class-validator';
import type { GetTaskRequest } from '../../model/index.js';
import { REQUEST_LIMITS } from '../limits.js';
import { IsId, IsIntegerIn, IsRequired, IsText } from '../rules/index.js';

/** Spec 3.1.3. */
export class GetTaskRequestDto implements GetTaskRequest {
  @IsOptional()
  @IsText({ max: REQUEST_LIMITS.idBytes })
  tenant?: string;

  @IsRequired()
  @IsId()
  id: string;

  /** At most this many of the newest messages are returned; 0 = none; absent = all. */
  @IsOptional()
  @IsIntegerIn(0, REQUEST_LIMITS.historyLength)
  historyLength?: number;
}
