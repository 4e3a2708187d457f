import type { JsonObject, Message, SendMessageConfiguration, TaskState } from '../protocol/model/index.js';
import type { CallContext } from '../security/call-context.js';

/** What an agent learns of the request that brought a message, besides the message. */
export interface MessageRequest {
  readonly metadata?: JsonObject;
  readonly configuration?: SendMessageConfiguration;
  /** How the sender called, with the claims that are kept, and the trace of the request. */
  readonly call?: Pick<CallContext, 'protocolVersion' | 'requestedExtensions' | 'claims' | 'trace'>;
}

/** Stored in the log with the event that begins a turn. */
export interface TurnRequest extends MessageRequest {
  readonly turn: number;
  /** State of the task before the turn; for the first turn there is none. */
  readonly previousState?: TaskState;
}

/** The part of a request that the log stores. Secrets of a webhook are stored with its config instead. */
export function turnRequest(
  turn: number,
  { metadata, configuration, call }: MessageRequest,
  previousState?: TaskState,
): TurnRequest {
  const { taskPushNotificationConfig: _config, ...rest } = configuration ?? {};
  return {
    turn,
    ...(previousState && { previousState }),
    ...(metadata && { metadata }),
    ...(Object.keys(rest).length > 0 && { configuration: rest }),
    ...(call && { call: keptOf(call) }),
  };
}

/** Drops the other members of a CallContext: owner and tenant are not stored here. */
const keptOf = ({
  protocolVersion,
  requestedExtensions,
  claims,
  trace,
}: NonNullable<MessageRequest['call']>): MessageRequest['call'] => ({
  protocolVersion,
  requestedExtensions,
  ...(claims && { claims }),
  ...(trace && { trace }),
});

/** As turnRequest, for the message that creates a task; undefined, as for most tasks: there is nothing to store. */
export function firstRequest(request: MessageRequest): TurnRequest | undefined {
  const { call, ...rest } = request;
  const plain = call?.protocolVersion !== '0.3' && !call?.requestedExtensions.length && !call?.claims && !call?.trace;
  if (plain && !rest.metadata && !rest.configuration) return undefined;
  const kept = turnRequest(1, plain ? rest : request);
  return Object.keys(kept).length > 1 ? kept : undefined;
}

/** The newest turn that began, with its input, to run it again. */
export interface StartedTurn extends TurnRequest {
  readonly message: Message;
}

/**
 * The beginning of a turn, from the event that begins it: event 1, whose task has the message at the end of its history, or a
 * status event that added the message. `present`: the turn in the task's row, for events without a request.
 */
export function startedTurn(
  event: { readonly data: string; readonly inbound?: string; readonly request?: string },
  present: number,
): StartedTurn | undefined {
  const first = event.inbound === undefined;
  const message = first
    ? (JSON.parse(event.data) as { history?: Message[] }).history?.at(-1)
    : (JSON.parse(event.inbound) as Message);
  if (!message) return undefined;
  const request = event.request === undefined ? {} : (JSON.parse(event.request) as Partial<TurnRequest>);
  return { turn: first ? 1 : present, ...request, message };
}
