import { IsOptional } from 'class-validator';
import type { TaskPushNotificationConfig } from '../../../protocol/model/index.js';
import { REQUEST_LIMITS } from '../limits.js';
import { IsDto, IsId, IsRequired, IsText } from '../rules/index.js';
import { AuthenticationInfoDto } from './authentication-info.dto.js';

/** Spec 4.3.1. Whether the URL may be called is decided where it is called. */
export class TaskPushNotificationConfigDto implements TaskPushNotificationConfig {
  @IsOptional()
  @IsText({ max: REQUEST_LIMITS.idBytes })
  tenant?: string;

  @IsOptional()
  @IsId()
  id?: string;

  /** Left empty within SendMessage. */
  @IsOptional()
  @IsText({ max: REQUEST_LIMITS.idBytes })
  taskId?: string;

  @IsRequired()
  @IsText({ min: 1, max: REQUEST_LIMITS.uriBytes })
  url: string;

  @IsOptional()
  @IsText({ max: REQUEST_LIMITS.secretBytes })
  token?: string;

  @IsOptional()
  @IsDto(() => AuthenticationInfoDto)
  authentication?: AuthenticationInfoDto;
}
