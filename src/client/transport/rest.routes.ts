import { A2AClientInvalidArgsError } from '../errors/client.errors.js';
import type { Operation } from './version-adapter.interface.js';

export interface RestRoute {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: object;
}

/** Where an operation is: `request` has the ids for the path, `wire` what else is sent. Spec 11.3. */
export function restRoute(
  operation: Operation,
  request: Readonly<Record<string, string>>,
  wire: Readonly<Record<string, unknown>>,
  version: '1.0' | '0.3',
): RestRoute {
  const root = version === '1.0' ? '' : '/v1';
  const task = `${root}/tasks/${segment('id', request.id)}`;
  const configs = `${root}/tasks/${segment('taskId', request.taskId)}/pushNotificationConfigs`;
  const config = `${configs}/${segment('id', request.id)}`;
  switch (operation) {
    case 'SendMessage':
      return { method: 'POST', path: `${root}/message:send`, body: wire };
    case 'SendStreamingMessage':
      return { method: 'POST', path: `${root}/message:stream`, body: wire };
    case 'GetTask':
      return { method: 'GET', path: task, query: { historyLength: wire.historyLength } };
    case 'ListTasks':
      return { method: 'GET', path: `${root}/tasks`, query: wire };
    case 'CancelTask':
      return { method: 'POST', path: `${task}:cancel`, body: without(wire, 'id') };
    case 'SubscribeToTask':
      // The text of the specification says POST, its proto GET; servers of v0.3 mostly serve GET.
      return subscribe(`${task}:subscribe`, version === '1.0' ? 'POST' : 'GET');
    case 'CreateTaskPushNotificationConfig':
      return { method: 'POST', path: configs, body: wire };
    case 'GetTaskPushNotificationConfig':
      return { method: 'GET', path: config };
    case 'ListTaskPushNotificationConfigs':
      return { method: 'GET', path: configs, query: { pageSize: request.pageSize, pageToken: request.pageToken } };
    case 'DeleteTaskPushNotificationConfig':
      return { method: 'DELETE', path: config };
    case 'GetExtendedAgentCard':
      return { method: 'GET', path: version === '1.0' ? '/extendedAgentCard' : '/v1/card' };
  }
}

const subscribe = (path: string, method: 'GET' | 'POST'): RestRoute =>
  method === 'POST' ? { method, path, body: {} } : { method, path };

/** The same by the other method. */
export const otherSubscribe = ({ method, path }: RestRoute): RestRoute =>
  subscribe(path, method === 'GET' ? 'POST' : 'GET');

/** An id as a part of a path. Dots alone would lead somewhere else, encoded or not. */
export function segment(name: string, id = ''): string {
  if (id !== '.' && id !== '..') return encodeURIComponent(id);
  throw new A2AClientInvalidArgsError(`${name} must not be '${id}', which no path can hold.`);
}

function without(object: Readonly<Record<string, unknown>>, key: string): object {
  const { [key]: _, ...rest } = object;
  return rest;
}
