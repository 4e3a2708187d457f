import * as SDK from '@a2a-js/sdk';
import { status as grpcStatus } from '@grpc/grpc-js';
import { GrpcClient, grpcAddress, readAll, SERVICES, V10 as GRPC_V10 } from '../grpc.client.js';
import { reasonOf } from '../grpc-messages.js';
import { textMessage, V10 } from '../rpc.client.js';
import type { TestApp } from '../test-app.js';

/** How a call ended. */
export interface Outcome {
  /** undefined: it succeeded. */
  readonly reason?: string;
  /** HTTP status, or gRPC code. */
  readonly status: number;
  readonly challenge?: string;
  /** All that came back, as text. */
  readonly text: string;
}

export const BINDINGS = ['JSON-RPC', 'HTTP+JSON', 'gRPC'] as const;
export type Binding = (typeof BINDINGS)[number];

export type Call = (operation: string, request: object, headers: Record<string, string>) => Promise<Outcome>;

/** What each binding answers to callers it does not know, and to those who may not. */
export const CODES: Readonly<Record<Binding, { readonly unknown: number; readonly forbidden: number }>> = {
  'JSON-RPC': { unknown: 401, forbidden: 403 },
  'HTTP+JSON': { unknown: 401, forbidden: 403 },
  gRPC: { unknown: grpcStatus.UNAUTHENTICATED, forbidden: grpcStatus.PERMISSION_DENIED },
};

/** Operations of v1.0 by each binding, in one form. */
export async function callsOf(app: TestApp): Promise<Record<Binding, Call> & { close(): void }> {
  const client = new GrpcClient(await grpcAddress(app));
  return { 'JSON-RPC': jsonRpc(app), 'HTTP+JSON': rest(app), gRPC: grpc(client), close: () => client.close() };
}

const jsonRpc =
  ({ origin }: TestApp): Call =>
  async (method, params, headers) =>
    outcomeOf(
      await fetch(`${origin}/`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...V10, ...headers },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      }),
    );

const rest =
  ({ origin }: TestApp): Call =>
  async (operation, request, headers) => {
    const { id = '', taskId = '', ...body } = request as { id?: string; taskId?: string };
    const configs = `/tasks/${taskId}/pushNotificationConfigs`;
    const routes: Record<string, readonly [method: string, path: string, body?: object]> = {
      SendMessage: ['POST', '/message:send', body],
      SendStreamingMessage: ['POST', '/message:stream', body],
      GetTask: ['GET', `/tasks/${id}`],
      ListTasks: ['GET', '/tasks'],
      CancelTask: ['POST', `/tasks/${id}:cancel`],
      SubscribeToTask: ['POST', `/tasks/${id}:subscribe`],
      ListTaskPushNotificationConfigs: ['GET', configs],
      CreateTaskPushNotificationConfig: ['POST', configs, body],
      GetExtendedAgentCard: ['GET', '/extendedAgentCard'],
    };
    const [method, path, sent] = routes[operation]!;
    return outcomeOf(
      await fetch(origin + path, {
        method,
        headers: { 'content-type': 'application/json', ...V10, ...headers },
        ...(sent && { body: JSON.stringify(sent) }),
      }),
    );
  };

async function outcomeOf(response: Response): Promise<Outcome> {
  const text = await response.text();
  return {
    reason: /"reason":"([A-Z_]+)"/.exec(text)?.[1],
    status: response.status,
    challenge: response.headers.get('www-authenticate') ?? undefined,
    text,
  };
}

const grpc =
  (client: GrpcClient): Call =>
  async (operation, request, headers) => {
    const definition = SERVICES['1.0'][operation.charAt(0).toLowerCase() + operation.slice(1)] as {
      requestStream: boolean;
      responseStream: boolean;
    };
    const message = fromJson(operation, request);
    const metadata = { ...GRPC_V10, ...headers };
    if (!definition.responseStream) {
      const answer = await client.unary(definition, message, metadata);
      const [challenge] = answer.trailers.get('www-authenticate');
      return {
        reason: answer.error && (reasonOf(answer) ?? 'NONE'),
        status: answer.error?.code ?? 0,
        challenge: challenge?.toString(),
        text: JSON.stringify(answer.message ?? answer.error),
      };
    }
    const { messages, status } = await readAll(client.stream(definition, message, metadata));
    const [challenge] = status.metadata.get('www-authenticate');
    return {
      reason:
        status.code === 0 ? undefined : (reasonOf({ headers: status.metadata, trailers: status.metadata }) ?? 'NONE'),
      status: status.code,
      challenge: challenge?.toString(),
      text: JSON.stringify([messages, status.details]),
    };
  };

const REQUESTS: Readonly<Record<string, string>> = {
  SendStreamingMessage: 'SendMessageRequest',
  CreateTaskPushNotificationConfig: 'TaskPushNotificationConfig',
};

const fromJson = (operation: string, request: object): unknown =>
  (SDK as unknown as Record<string, { fromJSON(value: object): unknown }>)[
    REQUESTS[operation] ?? `${operation}Request`
  ]!.fromJSON(request);

export const say = (text: string, fields: Record<string, unknown> = {}): object => ({
  message: textMessage(text, fields),
});
