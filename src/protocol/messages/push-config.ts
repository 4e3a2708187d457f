import { REQUEST_LIMITS } from '../validation/limits.js';
import { Field, OffWire } from './field.decorator.js';
import { listOf, messageOf, string } from './kind.js';
import { id, pageSize, pageToken, scheme, secret, tenant } from './kinds.js';

/** How a webhook authenticates this server. Spec 4.3.2. */
export class AuthenticationInfo {
  /** IANA name of an HTTP authentication scheme. */
  @Field(1, scheme, 'required', 'Name of an HTTP authentication scheme, such as Bearer.')
  scheme: string;

  @Field(2, secret, undefined, 'Sent to the webhook behind the scheme.')
  credentials?: string;

  /** All that a v0.3 client gave; `scheme` is the one in use. */
  @OffWire(listOf(scheme, { max: REQUEST_LIMITS.listItems }))
  schemes?: string[];
}

/** What a config is apart from its task. Whether the URL may be called is decided where it is called. */
class PushNotificationConfig {
  @Field(1, tenant)
  tenant?: string;

  @Field(2, id, undefined, 'Absent in a request: the server makes one.')
  id?: string;

  @Field(4, string({ min: 1, max: REQUEST_LIMITS.uriBytes }), 'required', 'The webhook. Events are sent to it by POST.')
  url: string;

  @Field(5, secret, undefined, 'Sent as X-A2A-Notification-Token, so that the webhook knows who calls.')
  token?: string;

  @Field(6, messageOf(AuthenticationInfo))
  authentication?: AuthenticationInfo;
}

/** Spec 4.3.1. */
export class TaskPushNotificationConfig extends PushNotificationConfig {
  /** Left empty within SendMessage. */
  @Field(3, tenant)
  taskId?: string;
}

/** A config for a task that there is. On the wire it is a TaskPushNotificationConfig. Spec 3.1.7. */
export class CreateTaskPushNotificationConfigRequest extends PushNotificationConfig {
  @Field(3, id, 'required')
  taskId: string;
}

/** Spec 3.1.8. */
export class GetTaskPushNotificationConfigRequest {
  @Field(1, tenant)
  tenant?: string;

  @Field(2, id, 'required')
  taskId: string;

  /** Empty: the config that a v0.3 client means when it names none. */
  @Field(3, string({ max: REQUEST_LIMITS.idBytes }), 'required')
  id: string;
}

/** Spec 3.1.9. */
export class ListTaskPushNotificationConfigsRequest {
  @Field(4, tenant)
  tenant?: string;

  @Field(1, id, 'required')
  taskId: string;

  /** Default 50. */
  @Field(2, pageSize)
  pageSize?: number;

  @Field(3, pageToken)
  pageToken?: string;
}

/** Both members are always present. */
export class ListTaskPushNotificationConfigsResponse {
  @Field(1, listOf(messageOf(TaskPushNotificationConfig)), 'required')
  configs: TaskPushNotificationConfig[];

  @Field(2, pageToken, 'required', 'Empty on the last page.')
  nextPageToken: string;
}

/** Spec 3.1.10. */
export class DeleteTaskPushNotificationConfigRequest {
  @Field(1, tenant)
  tenant?: string;

  @Field(2, id, 'required')
  taskId: string;

  @Field(3, id, 'required')
  id: string;
}
