import { newId } from './ids.js';
import type { Message, SendMessageRequest } from './model/index.js';

/** A message to send; what is left out is filled in: its id, and the role of a user. Not to be changed until the call is over. */
export type MessageToSend = Pick<Message, 'parts'> & Partial<Omit<Message, 'parts'>>;

/** A text, or a request whose message is a text or has parts. */
export type OutgoingMessage = string | (Omit<SendMessageRequest, 'message'> & { message: string | MessageToSend });

/** The request, complete. Made once for all attempts, so that its `messageId` stays the same. */
export function sendRequest(outgoing: OutgoingMessage): SendMessageRequest {
  const { message, ...rest } = typeof outgoing === 'string' ? { message: outgoing } : outgoing;
  const given = typeof message === 'string' ? { parts: [{ text: message }] } : message;
  return { ...rest, message: { messageId: newId(), role: 'ROLE_USER', ...given } };
}
