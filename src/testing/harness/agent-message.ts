import type { MessageToSend, OutgoingMessage } from '../../protocol/outgoing-message.js';

/** A text, a message (`{ parts }`), or a whole request (`{ message, configuration?, metadata? }`). */
export type AgentMessage = MessageToSend | OutgoingMessage;

type Request = Exclude<OutgoingMessage, string>;

/** The request, for the task with this id if there is one. */
export function requestOf(given: AgentMessage, taskId?: string): Request {
  const request: Request =
    typeof given === 'string' ? { message: given } : 'parts' in given ? { message: given } : { ...given };
  if (taskId === undefined) return request;
  const { message } = request;
  const parts = typeof message === 'string' ? { parts: [{ text: message }] } : message;
  return { ...request, message: { taskId, ...parts } };
}
