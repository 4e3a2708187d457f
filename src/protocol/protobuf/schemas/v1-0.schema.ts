import { type MessageName, MESSAGES } from '../../messages/messages.js';
import type { MessageType } from '../message.js';
import { MessageTypes } from '../message-types.js';

const types = new MessageTypes();

/** The messages of `lf.a2a.v1`, as `a2a.proto` of protocol 1.0 defines them, by their names. */
export const V10 = Object.fromEntries(
  Object.entries(MESSAGES).map(([name, described]) => [name, types.of(described)]),
) as Readonly<Record<MessageName, MessageType>>;
