import type { StreamResponse } from '../../../src/protocol/model/index.js';
import type { Operation, StreamEvent } from './binding.js';

/** Written apart from the server's codec, so that a mistake there is not made here too. Covers what the suites say. */
type Json = Record<string, unknown>;

export const V03_RPC_METHODS: Readonly<Partial<Record<Operation, string>>> = {
  SendMessage: 'message/send',
  SendStreamingMessage: 'message/stream',
  GetTask: 'tasks/get',
  CancelTask: 'tasks/cancel',
  SubscribeToTask: 'tasks/resubscribe',
  CreateTaskPushNotificationConfig: 'tasks/pushNotificationConfig/set',
  GetTaskPushNotificationConfig: 'tasks/pushNotificationConfig/get',
  ListTaskPushNotificationConfigs: 'tasks/pushNotificationConfig/list',
  DeleteTaskPushNotificationConfig: 'tasks/pushNotificationConfig/delete',
  GetExtendedAgentCard: 'agent/getAuthenticatedExtendedCard',
};

const defined = (object: Json): Json => Object.fromEntries(Object.entries(object).filter(([, v]) => v !== undefined));
const mapped = (list: unknown, one: (item: Json) => Json): unknown =>
  Array.isArray(list) ? list.map((item) => one(item as Json)) : list;

function toPart({ text, raw, url, data, filename, mediaType, ...rest }: Json): Json {
  if (text !== undefined) return { kind: 'text', text, ...rest };
  if (data !== undefined) return { kind: 'data', data, ...rest };
  return { kind: 'file', file: defined({ bytes: raw, uri: url, name: filename, mimeType: mediaType }), ...rest };
}

function fromPart({ kind, text, file, data, ...rest }: Json): Json {
  if (kind === 'text') return { text, ...rest };
  if (kind === 'data') return { data, ...rest };
  const { bytes, uri, name, mimeType } = file as Json;
  return defined({ raw: bytes, url: uri, filename: name, mediaType: mimeType, ...rest });
}

const toRole = (role: unknown): unknown => (role === 'ROLE_USER' ? 'user' : role === 'ROLE_AGENT' ? 'agent' : role);
const toState = (state: string): string => `TASK_STATE_${state.toUpperCase().replaceAll('-', '_')}`;

const toMessage = ({ role, parts, ...rest }: Json): Json =>
  defined({ kind: 'message', ...rest, role: toRole(role), parts: mapped(parts, toPart) });
const fromMessage = ({ kind: _, role, parts, ...rest }: Json): Json =>
  defined({ ...rest, role: `ROLE_${String(role).toUpperCase()}`, parts: mapped(parts, fromPart) });

const toPushConfig = ({ authentication, taskId: _, tenant: __, ...rest }: Json): Json => {
  const { scheme, ...credentials } = (authentication ?? {}) as Json;
  return { ...rest, ...(authentication !== undefined && { authentication: { schemes: [scheme], ...credentials } }) };
};
const fromPushConfig = ({ taskId, pushNotificationConfig }: Json): Json => {
  const { authentication, ...rest } = pushNotificationConfig as Json;
  const { schemes, ...credentials } = (authentication ?? {}) as { schemes?: string[] };
  return { taskId, ...rest, ...(schemes && { authentication: { scheme: schemes[0], ...credentials } }) };
};

function toConfiguration({ returnImmediately, taskPushNotificationConfig, ...rest }: Json): Json {
  return {
    ...rest,
    ...(returnImmediately !== undefined && { blocking: !returnImmediately }),
    ...(taskPushNotificationConfig !== undefined && {
      pushNotificationConfig: toPushConfig(taskPushNotificationConfig as Json),
    }),
  };
}

/** A v1.0 request as v0.3 says it over JSON-RPC. */
export function toV03Params(operation: Operation, request: object): object {
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
      return { taskId, pushNotificationConfig: toPushConfig({ id, ...rest }) };
    case 'GetTaskPushNotificationConfig':
    case 'DeleteTaskPushNotificationConfig':
      return { id: taskId, pushNotificationConfigId: id };
    case 'ListTaskPushNotificationConfigs':
      return { id: taskId };
    default:
      return { id, ...rest };
  }
}

const fromArtifact = ({ parts, ...rest }: Json): Json => ({ ...rest, parts: mapped(parts, fromPart) });
const fromStatus = ({ state, message, ...rest }: Json): Json =>
  defined({ ...rest, state: toState(String(state)), message: message && fromMessage(message as Json) });
const fromTask = ({ kind: _, status, artifacts, history, ...rest }: Json): Json =>
  defined({
    ...rest,
    status: fromStatus(status as Json),
    artifacts: mapped(artifacts, fromArtifact),
    history: mapped(history, fromMessage),
  });

function fromResponse(result: Json): { response: StreamResponse; final?: boolean } {
  const { kind, ...rest } = result;
  if (kind === 'task') return response({ task: fromTask(result) });
  if (kind === 'message') return response({ message: fromMessage(result) });
  if (kind === 'artifact-update')
    return response({ artifactUpdate: { ...rest, artifact: fromArtifact(rest['artifact'] as Json) } });
  if (kind !== 'status-update') throw new Error(`v0.3 has no kind '${String(kind)}'.`);
  const { final, status, ...update } = rest;
  if (typeof final !== 'boolean') throw new Error('A status update of v0.3 says `final`.');
  return { ...response({ statusUpdate: { ...update, status: fromStatus(status as Json) } }), final };
}

const response = (value: Json): { response: StreamResponse } => ({ response: value as unknown as StreamResponse });

/** What v0.3 says over JSON-RPC, as v1.0 says it. */
export const fromV03 = {
  answer(operation: Operation, result: unknown): unknown {
    switch (operation) {
      case 'SendMessage':
        return fromResponse(result as Json).response;
      case 'GetTask':
      case 'CancelTask':
        return fromTask(result as Json);
      case 'CreateTaskPushNotificationConfig':
      case 'GetTaskPushNotificationConfig':
        return fromPushConfig(result as Json);
      case 'ListTaskPushNotificationConfigs':
        return { configs: mapped(result, fromPushConfig), nextPageToken: '' };
      case 'DeleteTaskPushNotificationConfig':
        return {};
      default:
        return result;
    }
  },
  event: (result: unknown): Omit<StreamEvent, 'raw'> => fromResponse(result as Json),
};
