import { describe, expect, it } from '@jest/globals';
import { LegacyA2AService } from '@a2a-js/sdk/compat/v0_3/server/grpc';
import fc from 'fast-check';
import {
  agentCard,
  id,
  jsonObject,
  message,
  PLAIN,
  streamResponse,
  task,
  text,
} from '../../../testing/arbitraries/index.js';
import type { AgentCard } from '../../model/index.js';
import { v03ProtoCodec as codec } from '../../v0-3-proto/index.js';
import type { MessageType } from '../message.js';
import { V03 } from './v0-3.schema.js';

type JsonRecord = Record<string, unknown>;
interface Call {
  requestSerialize(value: unknown): Buffer;
  requestDeserialize(bytes: Buffer): object;
  responseSerialize(value: unknown): Buffer;
  responseDeserialize(bytes: Buffer): object;
}
type Case = [name: string, type: MessageType, json: fc.Arbitrary<object>, call: unknown, 'request' | 'response'];

const some = (fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<object> =>
  fc.record(fields, { ...PLAIN, requiredKeys: [] });
const name = some({ name: text() });
const pushConfig = () =>
  some({
    id: id(),
    url: text(),
    token: text(),
    authentication: some({ schemes: fc.array(text(), { maxLength: 2 }), credentials: text() }),
  });
const taskPushConfig = () => some({ name: text(), pushNotificationConfig: pushConfig() });
const sendMessage = some({
  message: message().map((each) => codec.encode.Message(each)),
  configuration: some({
    acceptedOutputModes: fc.array(text(), { maxLength: 2 }),
    pushNotification: pushConfig(),
    historyLength: fc.nat(9),
    blocking: fc.boolean(),
  }),
  metadata: jsonObject(),
});
const create = some({ parent: text(), configId: text(), config: taskPushConfig() });
const list = some({ parent: text(), pageSize: fc.nat(9), pageToken: text() });
const configs = some({ configs: fc.array(taskPushConfig(), { maxLength: 2 }), nextPageToken: text() });
const sent = fc.oneof(
  task().map((each) => codec.encode.SendMessageResponse({ task: each })),
  message().map((each) => codec.encode.SendMessageResponse({ message: each })),
);
const streamed = fc
  .tuple(streamResponse(), fc.boolean())
  .map(([event, final]) => codec.encode.StreamResponse(event, final));
const card = agentCard()
  .filter(({ supportedInterfaces }) => supportedInterfaces.length > 0)
  .map((each: AgentCard) => codec.encode.AgentCard(each));

const SDK = LegacyA2AService;
const CASES: Case[] = [
  ['SendMessageRequest', V03.SendMessageRequest, sendMessage, SDK.sendMessage, 'request'],
  ['SendMessageResponse', V03.SendMessageResponse, sent, SDK.sendMessage, 'response'],
  ['StreamResponse', V03.StreamResponse, streamed, SDK.sendStreamingMessage, 'response'],
  ['GetTaskRequest', V03.GetTaskRequest, some({ name: text(), historyLength: fc.nat(9) }), SDK.getTask, 'request'],
  ['Task', V03.Task, task().map((each) => codec.encode.Task(each)), SDK.getTask, 'response'],
  ['CancelTaskRequest', V03.CancelTaskRequest, name, SDK.cancelTask, 'request'],
  ['TaskSubscriptionRequest', V03.SubscribeToTaskRequest, name, SDK.taskSubscription, 'request'],
  ['CreateTaskPushNotificationConfigRequest', V03.CreateTaskPushNotificationConfigRequest, create, SDK.createTaskPushNotificationConfig, 'request'],
  ['TaskPushNotificationConfig', V03.TaskPushNotificationConfig, taskPushConfig(), SDK.getTaskPushNotificationConfig, 'response'],
  ['GetTaskPushNotificationConfigRequest', V03.GetTaskPushNotificationConfigRequest, name, SDK.getTaskPushNotificationConfig, 'request'],
  ['DeleteTaskPushNotificationConfigRequest', V03.DeleteTaskPushNotificationConfigRequest, name, SDK.deleteTaskPushNotificationConfig, 'request'],
  ['ListTaskPushNotificationConfigRequest', V03.ListTaskPushNotificationConfigsRequest, list, SDK.listTaskPushNotificationConfig, 'request'],
  ['ListTaskPushNotificationConfigResponse', V03.ListTaskPushNotificationConfigsResponse, configs, SDK.listTaskPushNotificationConfig, 'response'],
  ['AgentCard', V03.AgentCard, card, SDK.getAgentCard, 'response'],
]; // prettier-ignore

/** What the SDK's code calls as the proto does, and JSON otherwise. */
const JSON_NAMES: Readonly<Record<string, string>> = { request: 'message', msg: 'message', update: 'message' };
const FREE = new Set(['metadata', 'params', 'header']);
const MAPS = new Set(['securitySchemes', 'schemes', 'scopes']);
const isObject = (value: unknown): value is JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isUnset = (value: unknown): boolean =>
  value === undefined || value === '' || value === 0 || value === false || (Array.isArray(value) && value.length === 0);

/** The ProtoJSON of a message as the SDK has it: all fields there, a oneof as `{$case, value}`, enums as numbers. */
function ofSdk(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (Array.isArray(value)) return value.map(ofSdk);
  if (!isObject(value)) return value;
  const json: JsonRecord = {};
  for (const [key, member] of Object.entries(value)) {
    if (isUnset(member) || (MAPS.has(key) && isObject(member) && Object.keys(member).length === 0)) continue;
    if (isObject(member) && typeof member['$case'] === 'string') {
      const choice = member['$case'];
      // A data part holds any object.
      json[JSON_NAMES[choice] ?? choice] =
        choice === 'data' ? dropUnset(member['value'] as JsonRecord) : ofSdk(member['value']);
    } else if (MAPS.has(key) && isObject(member)) {
      json[key] = Object.fromEntries(Object.entries(member).map(([name, entry]) => [name, ofSdk(entry)]));
    } else json[JSON_NAMES[key] ?? key] = FREE.has(key) ? member : ofSdk(member);
  }
  return json;
}
const dropUnset = (object: JsonRecord): JsonRecord =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));

/** Enums by number, as the SDK has them. */
const STATES = [
    'UNSPECIFIED', 'SUBMITTED', 'WORKING', 'COMPLETED', 'FAILED', 'CANCELLED', 'INPUT_REQUIRED', 'REJECTED', 'AUTH_REQUIRED',
  ].map((state) => `TASK_STATE_${state}`); // prettier-ignore
const ROLES = ['ROLE_UNSPECIFIED', 'ROLE_USER', 'ROLE_AGENT'];

/** Ours, as far as v0.3.0 has the fields, with enums by number. */
function ofOurs(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ofOurs);
  if (!isObject(value)) return value;
  const isPart = 'text' in value || 'file' in value || isObject(value['data']);
  const json: JsonRecord = {};
  for (const [key, member] of Object.entries(value)) {
    if ((isPart && key === 'metadata') || ('mimeType' in value && key === 'name')) continue;
    if ((key === 'name' && ('fileWithUri' in value || 'fileWithBytes' in value)) || key === 'iconUrl') continue;
    if (key === 'state') json[key] = STATES.indexOf(member as string);
    else if (key === 'role') json[key] = ROLES.indexOf(member as string);
    else if (FREE.has(key) || key === 'data') json[key] = member;
    else if (!(MAPS.has(key) && isObject(member) && Object.keys(member).length === 0)) json[key] = ofOurs(member);
  }
  return json;
}

/** The official SDK loses keys called __proto__. */
const asTheSdkCan = (json: object): object =>
  JSON.parse(JSON.stringify(json).replaceAll('"__proto__":', '"proto":')) as object;

describe.each(CASES)('%s of v0.3', (_, type, arbitrary, call, side) => {
  const { requestSerialize, requestDeserialize, responseSerialize, responseDeserialize } = call as Call;
  const serialize = side === 'request' ? requestSerialize : responseSerialize;
  const deserialize = side === 'request' ? requestDeserialize : responseDeserialize;

  it('is read by the official code as it was written, and the other way round', () => {
    fc.assert(
      fc.property(arbitrary.map(asTheSdkCan), (json) => {
        const bytes = type.encode(json);
        const read = deserialize(bytes);
        const ours = type.decode(bytes);
        expect(ofSdk(read)).toEqual(ofOurs(ours));
        expect(ofOurs(type.decode(serialize(read)))).toEqual(ofOurs(ours));
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
});

describe('the fields that later revisions of v0.3 added', () => {
  it('are kept: metadata of parts, names of files, icons', () => {
    const part = { file: { fileWithUri: 'u', mimeType: 'a/b', name: 'f' }, metadata: { k: 1 } };
    const full = {
      id: 't',
      artifacts: [{ artifactId: 'a', parts: [part, { data: { data: { x: null } }, metadata: {} }] }],
    };
    expect(V03.Task.decode(V03.Task.encode(full))).toEqual(full);
    expect(V03.AgentCard.decode(V03.AgentCard.encode({ iconUrl: 'i' }))).toEqual({ iconUrl: 'i' });
  });
});

describe('all values of v0.3', () => {
  it('arrive through protobuf as through JSON', () => {
    fc.assert(
      fc.property(streamResponse(), fc.boolean(), (event, final) => {
        const json = codec.encode.StreamResponse(event, final);
        const read = V03.StreamResponse.decode(V03.StreamResponse.encode(json));
        expect(withoutDefaults(read)).toEqual(withoutDefaults(json));
      }),
      { numRuns: 200 },
    );
  });
});

/** Fields without presence, and lists, that say nothing. What users made is left alone. */
function withoutDefaults(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDefaults);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(
    ([key, member]) => key === 'text' || key === 'fileWithBytes' || key === 'fileWithUri' || !isUnset(member),
  );
  return Object.fromEntries(
    kept.map(([key, member]) => [
      key,
      FREE.has(key) || key === 'data' ? JSON.stringify(member) : withoutDefaults(member),
    ]),
  );
}
