import { isObject } from '../../common/is-object.js';
import type { OperationName } from '../operations.js';
import { asIs, field, int32, object, type Decode } from '../decoding/shape.js';
import { decodeProtoMessage, decodeProtoState } from './from-proto.js';
import { decodeProtoPushConfig } from './push-config.js';
import { readResourceName } from './resource-name.js';

const message = (fields: Parameters<typeof object>[0]): Decode => object(fields, { snakeCase: true });

/** The proto calls it `request`, its JSON `message`. */
export const MESSAGE_NAMES = ['message', 'request'] as const;
/** JSON-RPC says `pushNotificationConfig`, the v0.3 proto `pushNotification`. */
export const PUSH_CONFIG_NAMES = ['pushNotification', 'pushNotificationConfig'] as const;

const not: Decode = (value) => (typeof value === 'boolean' ? !value : value);

const configurationFields = message({
  acceptedOutputModes: asIs,
  historyLength: int32,
  taskPushNotificationConfig: field(PUSH_CONFIG_NAMES, decodeProtoPushConfig),
  returnImmediately: field('blocking', not),
});

/**
 * Serialisers of protos leave out a `blocking` that is false, so in a configuration its absence means false. A request
 * without any configuration says nothing of it: what that means is a setting of the transport.
 */
const configuration: Decode = (value) => {
  const decoded = configurationFields(value);
  return isObject(decoded) && decoded.returnImmediately === undefined
    ? { ...decoded, returnImmediately: true }
    : decoded;
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

const send = message({ message: field(MESSAGE_NAMES, decodeProtoMessage), configuration, metadata: asIs });

/** Requests of v0.3 over HTTP+JSON, which has no tenant: the ProtoJSON of `a2a.v1`, with ids of paths beside it. */
export const PROTO_REQUESTS: Record<OperationName, Decode> = {
  SendMessage: send,
  SendStreamingMessage: send,
  GetTask: byTask({ historyLength: int32 }),
  // Not in the proto of v0.3.0; the names are those of v1.0, and one that the Go SDK has in its v0.3.
  ListTasks: message({
    contextId: asIs,
    status: decodeProtoState,
    pageSize: int32,
    pageToken: asIs,
    historyLength: int32,
    statusTimestampAfter: field(['statusTimestampAfter', 'lastUpdatedAfter'], asIs),
    includeArtifacts: asIs,
  }),
  CancelTask: byTask({ metadata: asIs }),
  SubscribeToTask: byTask(),
  CreateTaskPushNotificationConfig: createPushConfig,
  GetTaskPushNotificationConfig: byConfig,
  ListTaskPushNotificationConfigs: ofTask({ pageSize: int32, pageToken: asIs }),
  DeleteTaskPushNotificationConfig: byConfig,
  GetExtendedAgentCard: message({}),
};
