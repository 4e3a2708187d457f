import { randomUUID } from 'node:crypto';
import type { Message, SendMessageResponse, StreamResponse, Task } from '../../../src/protocol/model/index.js';
import type {
  Answer,
  Binding,
  CallHeaders,
  Connection,
  Failure,
  OpenStream,
  Operation,
  StreamEvent,
  StreamOperation,
  Target,
  UnaryOperation,
} from './binding.js';

const STREAMS: ReadonlySet<Operation> = new Set<StreamOperation>(['SendStreamingMessage', 'SubscribeToTask']);
const isStream = (operation: Operation): operation is StreamOperation => STREAMS.has(operation);
const isFailure = (opened: OpenStream | Failure): opened is Failure => 'reason' in opened;

/** A user's message of one text part. */
export const message = (text: string, fields: Partial<Message> = {}): Message => ({
  messageId: randomUUID(),
  role: 'ROLE_USER',
  parts: [{ text }],
  ...fields,
});

/** Calls the server under test over any binding. */
export class ConformanceClient {
  readonly #connection: Connection;

  constructor(
    readonly binding: Binding,
    target: Target,
    headers?: CallHeaders,
  ) {
    this.#connection = binding.connect(target, headers);
  }

  call(operation: UnaryOperation, request: object, headers?: CallHeaders): Promise<Answer<unknown>> {
    return this.#connection.call(operation, request, headers);
  }

  /** Throws on an error. */
  async result<T>(operation: UnaryOperation, request: object, headers?: CallHeaders): Promise<T> {
    const { result, error } = await this.call(operation, request, headers);
    if (error) throw new Error(`${operation}: ${error.reason} ${error.message}`);
    return result as T;
  }

  /** The error of any operation; throws when there is none. */
  async failure(operation: Operation, request: object, headers?: CallHeaders): Promise<Failure> {
    if (!isStream(operation)) {
      const { error, result } = await this.call(operation, request, headers);
      if (error) return error;
      throw new Error(`${operation} was to fail, but gave ${JSON.stringify(result)}`);
    }
    const opened = await this.#connection.open(operation, request, headers);
    if (isFailure(opened)) return opened;
    opened.close();
    throw new Error(`${operation} was to fail, but opened a stream`);
  }

  async open(operation: StreamOperation, request: object, headers?: CallHeaders): Promise<OpenStream> {
    const opened = await this.#connection.open(operation, request, headers);
    if (isFailure(opened)) throw new Error(`${operation}: ${opened.reason} ${opened.message}`);
    return opened;
  }

  /** The task of a text that is sent and answered in full. */
  async send(text: string, fields: Partial<Message> = {}, configuration?: object): Promise<Task> {
    const request = { message: message(text, fields), ...(configuration && { configuration }) };
    const response = await this.result<SendMessageResponse>('SendMessage', request);
    if ('task' in response) return response.task;
    throw new Error(`A task was expected, not ${JSON.stringify(response)}`);
  }

  get(id: string, historyLength?: number): Promise<Task> {
    return this.result<Task>('GetTask', { id, ...(historyLength !== undefined && { historyLength }) });
  }

  cancel(id: string): Promise<Task> {
    return this.result<Task>('CancelTask', { id });
  }

  /** A stream of a text, opened. */
  stream(text: string, fields: Partial<Message> = {}): Promise<OpenStream> {
    return this.open('SendStreamingMessage', { message: message(text, fields) });
  }

  subscribe(id: string): Promise<OpenStream> {
    return this.open('SubscribeToTask', { id });
  }

  close(): void {
    this.#connection.close();
  }
}

/** What a stream says to its end. */
export async function allOf(stream: AsyncIterable<StreamEvent>): Promise<StreamResponse[]> {
  const responses: StreamResponse[] = [];
  for await (const { response } of stream) responses.push(response);
  return responses;
}

/** The first thing a stream says; then it is left. */
export async function firstOf(stream: OpenStream): Promise<StreamResponse> {
  for await (const { response } of stream) {
    stream.close();
    return response;
  }
  throw new Error('The stream said nothing.');
}

/** The task that a response is of. */
export function taskIdOf(response: StreamResponse): string {
  if ('task' in response) return response.task.id;
  if ('statusUpdate' in response) return response.statusUpdate.taskId;
  if ('artifactUpdate' in response) return response.artifactUpdate.taskId;
  throw new Error('A Message is of no task.');
}

/** The state that a response tells, if it does. */
export const stateOf = (response: StreamResponse | undefined): string | undefined =>
  response && 'task' in response
    ? response.task.status.state
    : response && 'statusUpdate' in response
      ? response.statusUpdate.status.state
      : undefined;
