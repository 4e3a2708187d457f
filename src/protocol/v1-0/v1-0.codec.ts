import type { JsonCodec } from '../codec.interface.js';
import { MESSAGES } from '../messages/messages.js';
import type { TaskPushNotificationConfig } from '../model/index.js';
import { mapOperations } from '../operations.js';
import { v10Decoder } from './v1-0.decoder.js';

const REQUESTS = mapOperations((_name, { request }) => v10Decoder.of(MESSAGES[request]));

/** What v0.3 clients gave besides is not theirs. */
function withoutSchemes(config: TaskPushNotificationConfig): TaskPushNotificationConfig {
  if (config.authentication?.schemes === undefined) return config;
  const { schemes: _, ...authentication } = config.authentication;
  return { ...config, authentication };
}

const samePath = (canonical: string): string => canonical;

/**
 * The v1.0 JSON of JSON-RPC and HTTP+JSON. The canonical model is this form, so encoding hands out what it is given;
 * decoding applies the leniencies of ProtoJSON.
 */
export const v10Codec: JsonCodec = {
  version: '1.0',
  decode: (request, params) => ({ value: REQUESTS[request](params), path: samePath }),
  encode: {
    Task: (task) => task,
    Message: (message) => message,
    SendMessageResponse: (response) => response,
    ListTasksResponse: ({ tasks, nextPageToken, pageSize, totalSize }) => ({
      tasks,
      nextPageToken,
      pageSize,
      totalSize,
    }),
    StreamResponse: (response) => response,
    TaskPushNotificationConfig: withoutSchemes,
    ListTaskPushNotificationConfigsResponse: ({ configs, nextPageToken }) => ({
      configs: configs.map(withoutSchemes),
      nextPageToken,
    }),
    AgentCard: (card) => card,
    Empty: () => ({}),
  },
};
