import { IsOptional } from 'class-validator';
import type {
  CreateTaskPushNotificationConfigRequest,
  DeleteTaskPushNotificationConfigRequest,
  GetExtendedAgentCardRequest,
  GetTaskPushNotificationConfigRequest,
  ListTaskPushNotificationConfigsRequest,
} from '../../model/index.js';
import { REQUEST_LIMITS } from '../limits.js';
import { IsId, IsIntegerIn, IsRequired, IsText } from '../rules/index.js';
import { PushNotificationConfigDto } from './task-push-notification-config.dto.js';

class TenantDto {
  @IsOptional()
  @IsText({ max: REQUEST_LIMITS.idBytes })
  tenant?: string;
}

/** Spec 3.1.11. */
export class GetExtendedAgentCardRequestDto extends TenantDto implements GetExtendedAgentCardRequest {}

/** Spec 3.1.7. */
export class CreateTaskPushNotificationConfigRequestDto
  extends PushNotificationConfigDto
  implements CreateTaskPushNotificationConfigRequest
{
  @IsRequired()
  @IsId()
  taskId: string;
}

/** Spec 3.1.8. */
export class GetTaskPushNotificationConfigRequestDto extends TenantDto implements GetTaskPushNotificationConfigRequest {
  @IsRequired()
  @IsId()
  taskId: string;

  /** Empty: the config that a v0.3 client means when it names none. */
  @IsRequired()
  @IsText({ max: REQUEST_LIMITS.idBytes })
  id: string;
}

/** Spec 3.1.9. */
export class ListTaskPushNotificationConfigsRequestDto
  extends TenantDto
  implements ListTaskPushNotificationConfigsRequest
{
  @IsRequired()
  @IsId()
  taskId: string;

  /** Default 50. */
  @IsOptional()
  @IsIntegerIn(1, REQUEST_LIMITS.pageSize)
  pageSize?: number;

  @IsOptional()
  @IsText({ max: REQUEST_LIMITS.pageTokenBytes })
  pageToken?: string;
}

/** Spec 3.1.10. */
export class DeleteTaskPushNotificationConfigRequestDto
  extends TenantDto
  implements DeleteTaskPushNotificationConfigRequest
{
  @IsRequired()
  @IsId()
  taskId: string;

  @IsRequired()
  @IsId()
  id: string;
}
