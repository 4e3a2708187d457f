import * as card from './agent-card.js';
import { Artifact, Message } from './message.js';
import { PartFields } from './part.js';
import * as push from './push-config.js';
import * as requests from './requests.js';
import { SecurityRequirement, SecuritySchemeFields } from './security.js';
import * as task from './task.js';

const { SendMessageResponseFields, StreamResponseFields, ...tasks } = task;

/** The messages of the protocol, by their names in a2a.proto. */
export const MESSAGES = {
  Part: PartFields,
  Message,
  Artifact,
  ...tasks,
  ...requests,
  ...push,
  ...card,
  SecurityScheme: SecuritySchemeFields,
  SecurityRequirement,
  SendMessageResponse: SendMessageResponseFields,
  StreamResponse: StreamResponseFields,
} as const;

export type MessageName = keyof typeof MESSAGES;

/** What a message of each name is. */
export type Messages = Omit<
  { [N in MessageName]: InstanceType<(typeof MESSAGES)[N]> },
  'SendMessageResponse' | 'StreamResponse' | 'Empty'
> & {
  SendMessageResponse: task.SendMessageResponse;
  StreamResponse: task.StreamResponse;
  Empty: void;
};
