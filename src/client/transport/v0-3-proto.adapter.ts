import { isObject } from '../../common/is-object.js';
import type { SendMessageRequest } from '../../protocol/model/index.js';
import {
  messageToProto,
  streamResponseFromProto,
  taskFromProto,
  v03ProtoCodec,
} from '../../protocol/v0-3-proto/index.js';
import { checkAnswer } from './answer.check.js';
import { configurationToV03 } from './v0-3.configuration.js';
import { v03AdapterOf, v03Forms } from './v0-3.adapter.js';

const send = ({ message, configuration = {}, metadata }: SendMessageRequest): object => ({
  message: messageToProto(message),
  configuration: configurationToV03(configuration, 'pushNotification'),
  ...(metadata && { metadata }),
});

const pushConfig = (answer: unknown) =>
  checkAnswer('TaskPushNotificationConfig', v03ProtoCodec.decode('CreateTaskPushNotificationConfig', answer).value);

/** A bare list, as in the v0.3 prose, or an object with a page token. */
function tasks(answer: unknown): object {
  const { tasks: list, ...page } = isObject(answer) ? answer : { tasks: answer };
  return { ...page, tasks: Array.isArray(list) ? list.map(taskFromProto) : list };
}

/** v0.3 over HTTP+JSON: ProtoJSON of its proto. */
export const v03ProtoAdapter = v03AdapterOf({
  encode: {
    ...v03Forms.encode,
    SendMessageRequest: send,
    CreateTaskPushNotificationConfigRequest: v03ProtoCodec.encode.TaskPushNotificationConfig,
  },
  decode: {
    ...v03Forms.decode,
    SendMessageResponse: (answer) => checkAnswer('SendMessageResponse', streamResponseFromProto(answer) ?? {}),
    StreamResponse: (answer) => checkAnswer('StreamResponse', streamResponseFromProto(answer) ?? {}),
    Task: (answer) => checkAnswer('Task', taskFromProto(answer)),
    ListTasksResponse: (answer) => checkAnswer('ListTasksResponse', tasks(answer)),
    TaskPushNotificationConfig: pushConfig,
    ListTaskPushNotificationConfigsResponse: (answer) => {
      const { configs, nextPageToken } = isObject(answer) ? answer : { configs: answer };
      return checkAnswer('ListTaskPushNotificationConfigsResponse', {
        configs: Array.isArray(configs) ? configs.map(pushConfig) : configs,
        nextPageToken,
      });
    },
  },
});
