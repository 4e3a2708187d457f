import type { StreamResponse } from '../../../src/protocol/model/index.js';
import type { Operation, StreamEvent } from './binding.js';

/** ProtoJSON of `a2a.v1`, which v0.3 says over HTTP+JSON and means over gRPC. Written apart from the server's codec. */
type Json = Record<string, unknown>;

const defined = (object: Json): Json => Object.fromEntries(Object.entries(object).filter(([, v]) => v !== undefined));
const mapped = (list: unknown, one: (item: Json) => Json): unknown =>
  Array.isArray(list) ? list.map((item) => one(item as Json)) : list;

function toPart({ text, raw, url, data, filename, mediaType, ...rest }: Json): Json {
  if (text !== undefined) return { text, ...rest };
  if (data !== undefined) return { data: { data }, ...rest };
  const file = defined({ fileWithBytes: raw, fileWithUri: url, name: filename, mimeType: mediaType });
  return { file, ...rest };
}

function fromPart({ text, file, data, ...rest }: Json): Json {
  if (file !== undefined) {
    const { fileWithBytes, fileWithUri, name, mimeType } = file as Json;
    return defined({ raw: fileWithBytes, url: fileWithUri, filename: name, mediaType: mimeType, ...rest });
  }
  return data === undefined ? { text: text ?? '', ...rest } : { data: (data as Json)['data'], ...rest };
}

const toMessage = ({ parts, ...rest }: Json): Json => defined({ ...rest, content: mapped(parts, toPart) });
const fromMessage = ({ content, ...rest }: Json): Json => ({ ...rest, parts: mapped(content ?? [], fromPart) });

const toPushConfig = ({ authentication, taskId: _, tenant: __, ...rest }: Json): Json => {
  const { scheme, ...credentials } = (authentication ?? {}) as Json;
  return { ...rest, ...(authentication !== undefined && { authentication: { schemes: [scheme], ...credentials } }) };
};

function fromPushConfig({ name, pushNotificationConfig }: Json): Json {
  const [, taskId] = /^tasks\/([^/]+)\/pushNotificationConfigs\/[^/]+$/.exec(String(name)) ?? [];
  const { authentication, ...rest } = pushNotificationConfig as Json;
  const { schemes, ...credentials } = (authentication ?? {}) as { schemes?: string[] };
  return { taskId, ...rest, ...(schemes && { authentication: { scheme: schemes[0], ...credentials } }) };
}

/** In a proto, a `blocking` that is not there is false: a configuration says it always. */
function toConfiguration({ returnImmediately, taskPushNotificationConfig, ...rest }: Json): Json {
  return defined({
    ...rest,
    blocking: returnImmediately !== true,
    pushNotification: taskPushNotificationConfig && toPushConfig(taskPushNotificationConfig as Json),
  });
}

const configName = (taskId: unknown, id: unknown): string =>
  `tasks/${String(taskId)}/pushNotificationConfigs/${String(id)}`;

/** A v1.0 request as the proto of v0.3 has it. */
export function toV03Proto(operation: Operation, request: object): Json {
  const { message, configuration, taskId, id, tenant: _, ...rest } = request as Json;
  switch (operation) {
    case 'SendMessage':
    case 'SendStreamingMessage':
      return defined({
        ...rest,
        message: message && toMessage(message as Json),
        configuration: configuration && toConfiguration(configuration as Json),
      });
    case 'CreateTaskPushNotificationConfig':
      return {
        parent: `tasks/${String(taskId)}`,
        configId: id ?? '',
        config: { pushNotificationConfig: toPushConfig({ id, ...rest }) },
      };
    case 'GetTaskPushNotificationConfig':
    case 'DeleteTaskPushNotificationConfig':
      return { name: configName(taskId, id) };
    case 'ListTaskPushNotificationConfigs':
      return { parent: `tasks/${String(taskId)}`, ...rest };
    case 'GetExtendedAgentCard':
      return {};
    default:
      return { name: `tasks/${String(id)}`, ...rest };
  }
}

const fromState = (state: unknown): string =>
  state === 'TASK_STATE_CANCELLED' ? 'TASK_STATE_CANCELED' : String(state ?? 'TASK_STATE_UNSPECIFIED');
const fromStatus = ({ state, message, ...rest }: Json): Json =>
  defined({ ...rest, state: fromState(state), message: message && fromMessage(message as Json) });
const fromArtifact = ({ parts, ...rest }: Json): Json => ({ ...rest, parts: mapped(parts ?? [], fromPart) });
const fromTask = ({ status, artifacts, history, ...rest }: Json): Json =>
  defined({
    ...rest,
    status: fromStatus(status as Json),
    artifacts: mapped(artifacts, fromArtifact),
    history: mapped(history, fromMessage),
  });

function fromResponse(response: Json): Json {
  const { task, message, statusUpdate, artifactUpdate } = response as Record<string, Json | undefined>;
  if (task) return { task: fromTask(task) };
  if (message) return { message: fromMessage(message) };
  if (artifactUpdate)
    return { artifactUpdate: { ...artifactUpdate, artifact: fromArtifact(artifactUpdate['artifact'] as Json) } };
  if (!statusUpdate) throw new Error(`None of the four members: ${JSON.stringify(response)}`);
  const { final: _, status, ...update } = statusUpdate;
  return { statusUpdate: { ...update, status: fromStatus(status as Json) } };
}

/** What the proto of v0.3 says, as v1.0 says it. */
export const fromV03Proto = {
  answer(operation: Operation, result: unknown): unknown {
    const json = (result ?? {}) as Json;
    switch (operation) {
      case 'SendMessage':
        return fromResponse(json);
      case 'GetTask':
      case 'CancelTask':
        return fromTask(json);
      case 'CreateTaskPushNotificationConfig':
      case 'GetTaskPushNotificationConfig':
        return fromPushConfig(json);
      case 'ListTaskPushNotificationConfigs':
        return {
          configs: mapped(json['configs'] ?? [], fromPushConfig),
          nextPageToken: json['nextPageToken'] ?? '',
        };
      default:
        return json;
    }
  },
  event(result: unknown): Omit<StreamEvent, 'raw'> {
    const json = result as Record<string, Json | undefined>;
    const response = fromResponse(json) as unknown as StreamResponse;
    // A proto leaves out a `final` that is false.
    return json['statusUpdate'] ? { response, final: json['statusUpdate']['final'] === true } : { response };
  },
};
