import { isObject } from '../../common/is-object.js';
import { asIs, int32, object, type Decode } from '../decoding/shape.js';
import { MESSAGES } from '../messages/messages.js';
import { mapOperations, type OperationName } from '../operations.js';
import { protoDecoder } from './from-proto.js';
import { decodeProtoPushConfig } from './push-config.js';
import { readResourceName } from './resource-name.js';

const message = (fields: Parameters<typeof object>[0]): Decode => object(fields, { snakeCase: true });

/**
 * Serialisers of protos leave out a `blocking` that is false, so in a configuration its absence means false. A request
 * without any configuration says nothing of it: what that means is a setting of the transport.
 */
const send: Decode = (params) => {
  const request = protoDecoder.of(MESSAGES.SendMessageRequest)(params);
  const configuration = isObject(request) ? request.configuration : undefined;
  if (isObject(configuration)) configuration.returnImmediately ??= true;
  return request;
};

/** Ids may come plain, as a path of REST has them, or in a resource name, as the proto has them. */
function named(fields: Parameters<typeof object>[0], read: (wire: Record<string, unknown>) => object): Decode {
  const decode = message({ ...fields, name: asIs, parent: asIs });
  return (params) => {
    const wire = decode(params);
    if (!isObject(wire)) return wire;
    const { name, parent, ...rest } = wire;
    return { ...read({ ...readResourceName(parent), ...readResourceName(name) }), ...rest };
  };
}

const byTask = (fields: Parameters<typeof object>[0] = {}): Decode =>
  named({ id: asIs, ...fields }, ({ taskId }) => ({ ...(taskId !== undefined && { id: taskId }) }));

const ofTask = (fields: Parameters<typeof object>[0] = {}): Decode =>
  named({ taskId: asIs, ...fields }, ({ taskId }) => ({ ...(taskId !== undefined && { taskId }) }));

const byConfig: Decode = named({ taskId: asIs, id: asIs }, ({ taskId, configId = '' }) => ({
  ...(taskId !== undefined && { taskId }),
  id: configId,
}));

const createFields = message({
  taskId: asIs,
  parent: asIs,
  configId: asIs,
  config: message({ name: asIs, pushNotificationConfig: decodeProtoPushConfig }),
  name: asIs,
  pushNotificationConfig: decodeProtoPushConfig,
});

/** The request of the rpc (`{parent, configId, config}`) or its `config` alone, which is what REST puts in the body. */
const createPushConfig: Decode = (params) => {
  const wire = createFields(params);
  if (!isObject(wire)) return wire;
  const { name, pushNotificationConfig: config } = isObject(wire.config) ? wire.config : wire;
  const resource = readResourceName(name);
  const id = (wire.configId as string | undefined) || resource.configId;
  const taskId = wire.taskId ?? readResourceName(wire.parent).taskId ?? resource.taskId;
  return {
    ...(id !== undefined && { id }),
    ...(isObject(config) && config),
    ...(taskId !== undefined && { taskId }),
  };
};

/** Requests of v0.3 over HTTP+JSON, which has no tenant: the ProtoJSON of `a2a.v1`, with ids of paths beside it. */
export const PROTO_REQUESTS: Readonly<Record<OperationName, Decode>> = {
  ...mapOperations((_name, { request }) => protoDecoder.of(MESSAGES[request])),
  SendMessage: send,
  SendStreamingMessage: send,
  GetTask: byTask({ historyLength: int32 }),
  CancelTask: byTask({ metadata: asIs }),
  SubscribeToTask: byTask(),
  CreateTaskPushNotificationConfig: createPushConfig,
  GetTaskPushNotificationConfig: byConfig,
  ListTaskPushNotificationConfigs: ofTask({ pageSize: int32, pageToken: asIs }),
  DeleteTaskPushNotificationConfig: byConfig,
};
