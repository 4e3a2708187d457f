import type { JsonObject, Message, SendMessageConfiguration } from '../protocol/model/index.js';
import type { CallContext } from '../security/call-context.js';

/** What an agent is told of the request that brought a message, beside the message. */
export interface MessageRequest {
  readonly metadata?: JsonObject;
  readonly configuration?: SendMessageConfiguration;
  /** How its sender called. */
  readonly call?: Pick<CallContext, 'protocolVersion' | 'requestedExtensions'>;
}

/** Kept in the log with the event that begins a turn. */
export interface TurnRequest extends MessageRequest {
  readonly turn: number;
}

/** What is kept of a request, for the log. The secrets of a webhook are kept with its config. */
export function turnRequest(turn: number, { metadata, configuration, call }: MessageRequest): TurnRequest {
  const { taskPushNotificationConfig: _config, ...rest } = configuration ?? {};
  return {
    turn,
    ...(metadata && { metadata }),
    ...(Object.keys(rest).length > 0 && { configuration: rest }),
    ...(call && { call }),
  };
}

/** The same of the message that makes a task; undefined, as with most: there is nothing to keep. */
export function firstRequest(request: MessageRequest): TurnRequest | undefined {
  const { call, ...rest } = request;
  const plain = call?.protocolVersion !== '0.3' && !call?.requestedExtensions.length;
  const { protocolVersion = '1.0', requestedExtensions = [] } = call ?? {};
  const kept = turnRequest(1, plain ? rest : { ...rest, call: { protocolVersion, requestedExtensions } });
  return Object.keys(kept).length > 1 ? kept : undefined;
}

/** The newest turn that was begun: with what it is run again. */
export interface BegunTurn extends TurnRequest {
  readonly message: Message;
}

/**
 * A turn's beginning, out of the event that begins it: event 1, whose task has the message at the end of its history, or a
 * status event that took the message in. `present`: the turn that the task's row says, for events without a request.
 */
export function begunTurn(
  event: { readonly data: string; readonly inbound?: string; readonly request?: string },
  present: number,
): BegunTurn | undefined {
  const first = event.inbound === undefined;
  const message = first
    ? (JSON.parse(event.data) as { history?: Message[] }).history?.at(-1)
    : (JSON.parse(event.inbound) as Message);
  if (!message) return undefined;
  const request = event.request === undefined ? {} : (JSON.parse(event.request) as Partial<TurnRequest>);
  return { turn: first ? 1 : present, ...request, message };
}
