import { IsOptional } from 'class-validator';
import type { TaskPushNotificationConfig } from '../../model/index.js';
import { REQUEST_LIMITS } from '../limits.js';
import { IsDto, IsId, IsRequired, IsText } from '../rules/index.js';
import { AuthenticationInfoDto } from './authentication-info.dto.js';

/** What a config is apart from its task. Whether the URL may be called is decided where it is called. */
export class PushNotificationConfigDto {
  @IsOptional()
  @IsText({ max: REQUEST_LIMITS.idBytes })
  tenant?: string;

  @IsOptional()
  @IsId()
  id?: string;

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

/** Spec 4.3.1. */
export class TaskPushNotificationConfigDto extends PushNotificationConfigDto implements TaskPushNotificationConfig {
  /** Left empty within SendMessage. */
  @IsOptional()
  @IsText({ max: REQUEST_LIMITS.idBytes })
  taskId?: string;
}
