import type {
  Artifact,
  ListTaskPushNotificationConfigsResponse,
  ListTasksResponse,
  Message,
  SendMessageResponse,
  StreamResponse,
  Task,
  TaskPushNotificationConfig,
  TaskStatus,
} from '../../protocol/model/index.js';
import { Found } from './shape.check.js';

/**
 * What peers send, checked for what the client and its users rely on, after decoding to canonical form: ids, states, roles and
 * lists are what the types say, and lists that were left out are there. Unknown states (`TASK_STATE_UNSPECIFIED` and those
 * of later versions) are let through. All throw A2AClientJSONError naming the member.
 */
export const checkTask = (value: unknown, path = 'task'): Task => task(new Found(value, path));
export const checkMessage = (value: unknown, path = 'message'): Message => message(new Found(value, path));

/** Exactly one of the four members. */
export function checkStreamResponse(value: unknown): StreamResponse {
  const found = new Found(value, 'result');
  const [member, ...others] = Object.keys(found.object());
  const content = found.member(member ?? '');
  if (others.length > 0) found.wrong('must have one member only');
  if (member === 'task') return { task: task(content) };
  if (member === 'message') return { message: message(content) };
  if (member === 'statusUpdate') return { statusUpdate: event(content, 'status', status) as never };
  if (member === 'artifactUpdate') {
    content.member('append').optional('boolean');
    content.member('lastChunk').optional('boolean');
    return { artifactUpdate: event(content, 'artifact', artifact) as never };
  }
  return found.wrong('must have one of task, message, statusUpdate, artifactUpdate');
}

export function checkSendMessageResponse(value: unknown): SendMessageResponse {
  const response = checkStreamResponse(value);
  if ('task' in response || 'message' in response) return response;
  return new Found(value, 'result').wrong('must have task or message');
}

export function checkListTasksResponse(value: unknown): ListTasksResponse {
  const found = new Found(value, 'result');
  const tasks = found.member('tasks').items().map(task);
  const { nextPageToken = '', pageSize = tasks.length, totalSize = tasks.length } = found.object();
  new Found(nextPageToken, 'result.nextPageToken').optional('string');
  for (const [name, size] of Object.entries({ pageSize, totalSize }))
    new Found(size, `result.${name}`).optional('number');
  return { tasks, nextPageToken, pageSize, totalSize } as ListTasksResponse;
}

/** An update: of a task, with one content. */
function event(found: Found, name: string, content: (found: Found) => unknown): object {
  const object = found.object();
  found.member('taskId').text();
  found.member('contextId').optional('string');
  found.member('metadata').optional('object');
  return { ...object, contextId: object.contextId ?? '', [name]: content(found.member(name)) };
}

function task(found: Found): Task {
  const object = found.object();
  found.member('id').text();
  found.member('contextId').optional('string');
  found.member('metadata').optional('object');
  return {
    ...object,
    contextId: object.contextId ?? '',
    status: status(found.member('status')),
    ...(object.artifacts !== undefined && { artifacts: found.member('artifacts').items().map(artifact) }),
    ...(object.history !== undefined && { history: found.member('history').items().map(message) }),
  } as Task;
}

function status(found: Found): TaskStatus {
  const { state = 'TASK_STATE_UNSPECIFIED', ...rest } = found.object();
  if (typeof state !== 'string' || !/^TASK_STATE_[A-Z_]+$/.test(state))
    found.member('state').wrong('is no state of a task');
  found.member('timestamp').optional('string');
  return {
    ...rest,
    state,
    ...(rest.message !== undefined && { message: message(found.member('message')) }),
  } as TaskStatus;
}

function message(found: Found): Message {
  found.member('messageId').text();
  const role = found.member('role');
  if (role.value !== 'ROLE_USER' && role.value !== 'ROLE_AGENT') role.wrong('must be ROLE_USER or ROLE_AGENT');
  for (const name of ['contextId', 'taskId']) found.member(name).optional('string');
  texts(found.member('extensions'));
  texts(found.member('referenceTaskIds'));
  return withParts(found) as unknown as Message;
}

function artifact(found: Found): Artifact {
  found.member('artifactId').text();
  for (const name of ['name', 'description']) found.member(name).optional('string');
  texts(found.member('extensions'));
  return withParts(found) as unknown as Artifact;
}

function withParts(found: Found): object {
  found.member('metadata').optional('object');
  const parts = found.member('parts').items();
  for (const part of parts) {
    for (const name of ['text', 'raw', 'url', 'filename', 'mediaType']) part.member(name).optional('string');
    part.member('metadata').optional('object');
  }
  return { ...found.object(), parts: parts.map(({ value }) => value) };
}

const texts = (list: Found): void => list.items().forEach((item) => item.optional('string'));

export function checkPushConfig(value: unknown, path = 'result'): TaskPushNotificationConfig {
  return pushConfig(new Found(value, path));
}

export function checkListPushConfigs(value: unknown): ListTaskPushNotificationConfigsResponse {
  const found = new Found(value, 'result');
  const { nextPageToken = '' } = found.object();
  new Found(nextPageToken, 'result.nextPageToken').optional('string');
  return { configs: found.member('configs').items().map(pushConfig), nextPageToken: nextPageToken as string };
}

function pushConfig(found: Found): TaskPushNotificationConfig {
  found.member('url').text();
  for (const name of ['id', 'taskId', 'token', 'tenant']) found.member(name).optional('string');
  found.member('authentication').optional('object');
  return found.object() as unknown as TaskPushNotificationConfig;
}
