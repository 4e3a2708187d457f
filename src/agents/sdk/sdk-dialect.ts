import { isObject } from '../../common/is-object.js';
import type { Message, Task } from '../../protocol/model/index.js';
import { messageToV03, streamResponseFromV03, taskToV03 } from '../../protocol/v0-3/index.js';
import type { RequestContext } from '../request-context.js';
import type { SdkVersion } from './sdk-executor.js';
import {
  artifactUpdateFromSdk,
  type FromSdk,
  messageFromSdk,
  statusUpdateFromSdk,
  taskFromSdk,
} from './v1-0.from-sdk.js';
import { configurationToSdk, messageToSdk, taskToSdk } from './v1-0.to-sdk.js';

/** What differs between the SDKs. */
export interface SdkDialect {
  /** The members of the SDK's RequestContext that hold the request. */
  request(context: RequestContext, message: Message): object;
  task(task: Task): object;
  /** An event in canonical form, not checked; undefined: it is no event of this SDK. */
  event(published: unknown): unknown;
}

const V10_EVENTS: Readonly<Record<string, FromSdk>> = {
  message: messageFromSdk,
  task: taskFromSdk,
  statusUpdate: statusUpdateFromSdk,
  artifactUpdate: artifactUpdateFromSdk,
};

/** `{ kind, data }`, with the messages of protobuf. */
const v10: SdkDialect = {
  request: ({ caller, configuration, metadata }, message) => {
    const userMessage = messageToSdk(message);
    const request = {
      tenant: caller.tenant,
      message: userMessage,
      configuration: configurationToSdk(configuration),
      metadata,
    };
    return { request, userMessage };
  },
  task: taskToSdk,
  event: (published) => {
    if (!isObject(published) || typeof published.kind !== 'string' || !isObject(published.data)) return undefined;
    if (!Object.hasOwn(V10_EVENTS, published.kind)) return undefined;
    return { [published.kind]: V10_EVENTS[published.kind]?.(published.data) };
  },
};

/** The JSON of the protocol. A `data` member means the envelope of 1.x. */
const v03: SdkDialect = {
  request: (_context, message) => ({ userMessage: messageToV03(message) }),
  task: taskToV03,
  event: (published) => (isObject(published) && 'data' in published ? undefined : streamResponseFromV03(published)),
};

export const SDK_DIALECTS: Readonly<Record<SdkVersion, SdkDialect>> = { '1.0': v10, '0.3': v03 };
