import { IsBoolean, IsOptional } from 'class-validator';
import type { SendMessageConfiguration } from '../../model/index.js';
import { REQUEST_LIMITS } from '../limits.js';
import { IsDto, IsIntegerIn, IsListOf, text } from '../rules/index.js';
import { TaskPushNotificationConfigDto } from './task-push-notification-config.dto.js';

/** Spec 3.2.2. */
export class SendMessageConfigurationDto implements SendMessageConfiguration {
  /** Media types. */
  @IsOptional()
  @IsListOf(text({ min: 1, max: REQUEST_LIMITS.mediaTypeBytes }), { max: REQUEST_LIMITS.listItems })
  acceptedOutputModes?: string[];

  @IsOptional()
  @IsDto(() => TaskPushNotificationConfigDto)
  taskPushNotificationConfig?: TaskPushNotificationConfigDto;

  /** At most this many of the newest messages are returned; 0 = none. */
  @IsOptional()
  @IsIntegerIn(0, REQUEST_LIMITS.historyLength)
  historyLength?: number;

  /** Default false: wait for a terminal or interrupted state. */
  @IsOptional()
  @IsBoolean({ message: 'must be true or false' })
  returnImmediately?: boolean;
}
