import fc from 'fast-check';
import type {
  SendMessageRequest,
  StreamResponse,
  Task,
  TaskArtifactUpdateEvent,
  TaskState,
  TaskStatus,
  TaskStatusUpdateEvent,
} from '../../protocol/model/index.js';
import { TASK_STATES } from '../../protocol/state/task-state.js';
import { id, jsonObject, text, timestamp, PLAIN } from './json.arbitrary.js';
import { artifact, message } from './message.arbitrary.js';
import { webUrl } from './text.arbitrary.js';

export const taskState = (): fc.Arbitrary<TaskState> => fc.constantFrom(...TASK_STATES);

export const taskStatus = (): fc.Arbitrary<TaskStatus> =>
  fc.record({ state: taskState(), message: message(), timestamp: timestamp() }, { ...PLAIN, requiredKeys: ['state'] });

export const task = (): fc.Arbitrary<Task> =>
  fc.record(
    {
      id: id(),
      contextId: id(),
      status: taskStatus(),
      artifacts: fc.uniqueArray(artifact(), { maxLength: 3, selector: ({ artifactId }) => artifactId }),
      history: fc.array(message(), { maxLength: 3 }),
      metadata: jsonObject(),
    },
    { ...PLAIN, requiredKeys: ['id', 'contextId', 'status'] },
  );

export const statusUpdate = (): fc.Arbitrary<TaskStatusUpdateEvent> =>
  fc.record(
    { taskId: id(), contextId: id(), status: taskStatus(), metadata: jsonObject() },
    { ...PLAIN, requiredKeys: ['taskId', 'contextId', 'status'] },
  );

export const artifactUpdate = (): fc.Arbitrary<TaskArtifactUpdateEvent> =>
  fc.record(
    {
      taskId: id(),
      contextId: id(),
      artifact: artifact(),
      append: fc.boolean(),
      lastChunk: fc.boolean(),
      metadata: jsonObject(),
    },
    { ...PLAIN, requiredKeys: ['taskId', 'contextId', 'artifact'] },
  );

export const streamResponse = (): fc.Arbitrary<StreamResponse> =>
  fc.oneof(
    fc.record({ task: task() }, PLAIN),
    fc.record({ message: message() }, PLAIN),
    fc.record({ statusUpdate: statusUpdate() }, PLAIN),
    fc.record({ artifactUpdate: artifactUpdate() }, PLAIN),
  );

export const sendMessageRequest = (): fc.Arbitrary<SendMessageRequest> =>
  fc.record(
    {
      tenant: text(),
      message: message(),
      configuration: fc.record(
        {
          acceptedOutputModes: fc.array(fc.constantFrom('text/plain', 'application/json'), { maxLength: 2 }),
          historyLength: fc.nat(100),
          returnImmediately: fc.boolean(),
          taskPushNotificationConfig: fc.record(
            {
              id: id(),
              url: webUrl(),
              token: text(),
              authentication: fc.record(
                { scheme: fc.constantFrom('Bearer', 'Basic', 'Custom'), credentials: text() },
                PLAIN,
              ),
            },
            { ...PLAIN, requiredKeys: ['url'] },
          ),
        },
        { ...PLAIN, requiredKeys: [] },
      ),
      metadata: jsonObject(),
    },
    { ...PLAIN, requiredKeys: ['message'] },
  );
