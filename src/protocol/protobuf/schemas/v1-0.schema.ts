import { type MessageName, MESSAGES } from '../../messages/messages.js';
import { protobufOf } from '../message-types.js';
import type { MessageType } from '../message.js';

/** The messages of `lf.a2a.v1`, as `a2a.proto` of protocol 1.0 defines them, by their names. */
export const V10 = Object.fromEntries(
  Object.entries(MESSAGES).map(([name, described]) => [name, protobufOf(described)]),
) as Readonly<Record<MessageName, MessageType>>;
