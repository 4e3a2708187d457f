import { describe, expect, it } from '@jest/globals';
import * as sdk from '@a2a-js/sdk';
import { A2AService } from '@a2a-js/sdk/server/grpc';
import fc from 'fast-check';
import {
  agentCard,
  hostileJson,
  id,
  jsonObject,
  PLAIN,
  sendMessageRequest,
  streamResponse,
  task,
  taskState,
  text,
  timestamp,
} from '../../../testing/arbitraries/index.js';
import type { MessageType } from '../message.js';
import { ProtobufError } from '../wire.js';
import { V10 } from './v1-0.schema.js';

interface SdkType {
  fromJSON(json: unknown): unknown;
  toJSON(message: never): unknown;
}
interface Call {
  requestSerialize(value: unknown): Buffer;
  requestDeserialize(bytes: Buffer): unknown;
  responseSerialize(value: unknown): Buffer;
  responseDeserialize(bytes: Buffer): unknown;
}
type Case = [
  name: string,
  type: MessageType,
  sdk: SdkType,
  json: fc.Arbitrary<object>,
  call: unknown,
  'request' | 'response',
];

const some = (fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<object> =>
  fc.record(fields, { ...PLAIN, requiredKeys: [] });
const pushConfig = () =>
  some({
    tenant: text(),
    id: id(),
    taskId: id(),
    url: text(),
    token: text(),
    authentication: some({ scheme: text(), credentials: text() }),
  });
const byId = some({ tenant: text(), taskId: id(), id: id() });
const listTasks = some({
  tenant: text(), contextId: id(), status: taskState(), pageSize: fc.nat(9), pageToken: text(), historyLength: fc.nat(9),
  statusTimestampAfter: timestamp(), includeArtifacts: fc.boolean(),
}); // prettier-ignore
const listing = some({
  tasks: fc.array(task(), { maxLength: 2 }),
  nextPageToken: text(),
  pageSize: fc.nat(9),
  totalSize: fc.nat(9),
});
const configs = some({ configs: fc.array(pushConfig(), { maxLength: 2 }), nextPageToken: text() });
const sent = fc.oneof(
  fc.record({ task: task() }, PLAIN),
  streamResponse().filter((response) => 'message' in response),
);

const CASES: Case[] = [
  ['SendMessageRequest', V10.SendMessageRequest, sdk.SendMessageRequest, sendMessageRequest(), A2AService.sendMessage, 'request'],
  ['SendMessageResponse', V10.SendMessageResponse, sdk.SendMessageResponse, sent, A2AService.sendMessage, 'response'],
  ['StreamResponse', V10.StreamResponse, sdk.StreamResponse, streamResponse(), A2AService.sendStreamingMessage, 'response'],
  ['GetTaskRequest', V10.GetTaskRequest, sdk.GetTaskRequest, some({ tenant: text(), id: id(), historyLength: fc.nat(3) }), A2AService.getTask, 'request'],
  ['Task', V10.Task, sdk.Task, task(), A2AService.getTask, 'response'],
  ['ListTasksRequest', V10.ListTasksRequest, sdk.ListTasksRequest, listTasks, A2AService.listTasks, 'request'],
  ['ListTasksResponse', V10.ListTasksResponse, sdk.ListTasksResponse, listing, A2AService.listTasks, 'response'],
  ['CancelTaskRequest', V10.CancelTaskRequest, sdk.CancelTaskRequest, some({ tenant: text(), id: id(), metadata: jsonObject() }), A2AService.cancelTask, 'request'],
  ['SubscribeToTaskRequest', V10.SubscribeToTaskRequest, sdk.SubscribeToTaskRequest, some({ tenant: text(), id: id() }), A2AService.subscribeToTask, 'request'],
  ['TaskPushNotificationConfig', V10.TaskPushNotificationConfig, sdk.TaskPushNotificationConfig, pushConfig(), A2AService.createTaskPushNotificationConfig, 'request'],
  ['GetTaskPushNotificationConfigRequest', V10.GetTaskPushNotificationConfigRequest, sdk.GetTaskPushNotificationConfigRequest, byId, A2AService.getTaskPushNotificationConfig, 'request'],
  ['DeleteTaskPushNotificationConfigRequest', V10.DeleteTaskPushNotificationConfigRequest, sdk.DeleteTaskPushNotificationConfigRequest, byId, A2AService.deleteTaskPushNotificationConfig, 'request'],
  ['ListTaskPushNotificationConfigsRequest', V10.ListTaskPushNotificationConfigsRequest, sdk.ListTaskPushNotificationConfigsRequest, some({ tenant: text(), taskId: id(), pageSize: fc.nat(9), pageToken: text() }), A2AService.listTaskPushNotificationConfigs, 'request'],
  ['ListTaskPushNotificationConfigsResponse', V10.ListTaskPushNotificationConfigsResponse, sdk.ListTaskPushNotificationConfigsResponse, configs, A2AService.listTaskPushNotificationConfigs, 'response'],
  ['GetExtendedAgentCardRequest', V10.GetExtendedAgentCardRequest, sdk.GetExtendedAgentCardRequest, some({ tenant: text() }), A2AService.getExtendedAgentCard, 'request'],
  ['AgentCard', V10.AgentCard, sdk.AgentCard, agentCard(), A2AService.getExtendedAgentCard, 'response'],
]; // prettier-ignore

/** The official SDK loses null in data parts (from JSON) and keys called __proto__ (in both directions). */
const asTheSdkCan = (json: object): object =>
  JSON.parse(
    JSON.stringify(json).replaceAll('"__proto__":', '"proto":').replaceAll('"data":null', '"data":0'),
  ) as object;

describe.each(CASES)('%s of v1.0', (_, type, official, arbitrary, call, side) => {
  const { requestSerialize, requestDeserialize, responseSerialize, responseDeserialize } = call as Call;
  const serialize = side === 'request' ? requestSerialize : responseSerialize;
  const deserialize = side === 'request' ? requestDeserialize : responseDeserialize;

  it('is read by the official code as it was written, and the other way round', () => {
    fc.assert(
      fc.property(arbitrary.map(asTheSdkCan), (json) => {
        const message = official.fromJSON(json);
        const expected = official.toJSON(message as never);
        expect(official.toJSON(deserialize(type.encode(json)) as never)).toEqual(expected);
        expect(type.decode(serialize(message))).toEqual(expected);
        expect(type.decode(type.encode(json))).toEqual(expected);
      }),
      { numRuns: 150 },
    );
  });

  it('is the same bytes after it was read, whatever keys and values it holds', () => {
    fc.assert(
      fc.property(arbitrary, (json) => {
        const bytes = type.encode(json);
        expect(type.encode(type.decode(bytes))).toEqual(bytes);
      }),
      { numRuns: 100 },
    );
  });

  it('is an object or a ProtobufError, whatever bytes come', () => {
    const broken = fc
      .tuple(arbitrary, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), fc.nat())
      .map(([json, changes, cut]) => {
        const bytes = type.encode(json);
        for (const [at, byte] of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte;
        return cut % 4 === 0 ? bytes.subarray(0, cut % (bytes.length + 1)) : bytes;
      });
    const any = fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.oneof(broken, any), (bytes) => {
        try {
          expect(typeof type.decode(bytes)).toBe('object');
        } catch (error) {
          expect(error).toBeInstanceOf(ProtobufError);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('data that agents made', () => {
  it('is written whatever its types are', () => {
    const object = fc
      .oneof(hostileJson(), fc.object())
      .filter((json) => typeof json === 'object' && json !== null && !Array.isArray(json));
    fc.assert(
      fc.property(object, (json) => {
        expect(Buffer.isBuffer(V10.Task.encode({ id: 't', metadata: json as object }))).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});
