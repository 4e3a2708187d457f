import fc from 'fast-check';
import type { OperationName } from '../../protocol/operations.js';
import { webUrl } from './text.arbitrary.js';

const id = fc.oneof(fc.string({ minLength: 1, maxLength: 20 }), fc.constantFrom('x'.repeat(512), 'é'.repeat(256)));
const object = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 });
const optional = { requiredKeys: [] as [] };
const partRest = { metadata: object, filename: fc.string(), mediaType: fc.constantFrom('text/plain', '') };
const part = fc.oneof(
  fc.record({ text: fc.string(), ...partRest }, { requiredKeys: ['text'] }),
  fc.record({ raw: fc.base64String(), ...partRest }, { requiredKeys: ['raw'] }),
  fc.record({ url: webUrl(), ...partRest }, { requiredKeys: ['url'] }),
  fc.record({ data: fc.jsonValue({ maxDepth: 2 }), ...partRest }, { requiredKeys: ['data'] }),
);
const message = fc.record(
  {
    messageId: id,
    contextId: id,
    taskId: id,
    role: fc.constantFrom('ROLE_USER', 'ROLE_AGENT'),
    parts: fc.array(part, { minLength: 1, maxLength: 4 }),
    metadata: object,
    extensions: fc.array(webUrl(), { maxLength: 3 }),
    referenceTaskIds: fc.array(id, { maxLength: 3 }),
  },
  { requiredKeys: ['messageId', 'role', 'parts'] },
);
const authentication = fc.record(
  {
    scheme: fc.constantFrom('Bearer', 'x'.repeat(128)),
    credentials: fc.string(),
    schemes: fc.array(fc.constantFrom('Bearer', 'Digest'), { maxLength: 3 }),
  },
  { requiredKeys: ['scheme'] },
);
const webhook = fc.record(
  { tenant: fc.string(), id, taskId: fc.constantFrom('', 't'), url: webUrl(), token: fc.string(), authentication },
  { requiredKeys: ['url'] },
);
const configuration = fc.record(
  {
    acceptedOutputModes: fc.array(fc.constantFrom('text/plain', 'a/b'), { maxLength: 3 }),
    taskPushNotificationConfig: webhook,
    historyLength: fc.nat(),
    returnImmediately: fc.boolean(),
  },
  optional,
);
const send = fc.record(
  { tenant: fc.string(), message, configuration, metadata: object },
  { requiredKeys: ['message'] },
);
/** A request of each operation that keeps all limits. */
export const validRequest: Record<OperationName, fc.Arbitrary<object>> = {
  SendMessage: send,
  SendStreamingMessage: send,
  GetTask: fc.record({ tenant: fc.string(), id, historyLength: fc.nat() }, { requiredKeys: ['id'] }),
  CancelTask: fc.record({ tenant: fc.string(), id, metadata: object }, { requiredKeys: ['id'] }),
  SubscribeToTask: fc.record({ tenant: fc.string(), id }, { requiredKeys: ['id'] }),
  ListTasks: fc.record(
    {
      tenant: fc.string(),
      contextId: id,
      status: fc.constantFrom('TASK_STATE_WORKING', 'TASK_STATE_UNSPECIFIED'),
      pageSize: fc.integer({ min: 1, max: 100 }),
      pageToken: fc.string(),
      historyLength: fc.nat(),
      statusTimestampAfter: fc
        .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
        .map((date) => date.toISOString()),
      includeArtifacts: fc.boolean(),
    },
    optional,
  ),
  CreateTaskPushNotificationConfig: fc.record(
    { tenant: fc.string(), id, taskId: id, url: webUrl(), token: fc.string(), authentication },
    { requiredKeys: ['taskId', 'url'] },
  ),
  GetTaskPushNotificationConfig: fc.record(
    { tenant: fc.string(), taskId: id, id: fc.string() },
    { requiredKeys: ['taskId', 'id'] },
  ),
  ListTaskPushNotificationConfigs: fc.record(
    { tenant: fc.string(), taskId: id, pageSize: fc.integer({ min: 1, max: 100 }), pageToken: fc.string() },
    { requiredKeys: ['taskId'] },
  ),
  DeleteTaskPushNotificationConfig: fc.record(
    { tenant: fc.string(), taskId: id, id },
    { requiredKeys: ['taskId', 'id'] },
  ),
  GetExtendedAgentCard: fc.record({ tenant: fc.string() }, optional),
};
