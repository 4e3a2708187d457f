import * as grpc from '@grpc/grpc-js';
import * as sdk from '@a2a-js/sdk';
import { decodeErrorInfo, decodeStatus } from '@a2a-js/sdk/errors/grpc';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import type { ErrorReason } from '../../../src/protocol/errors/index.js';
import type { StreamResponse } from '../../../src/protocol/model/index.js';
import { type MessageType, V03 } from '../../../src/protocol/protobuf/index.js';
import { metadataOf, SERVICES } from '../../support/grpc.client.js';
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
  UnaryOperation,
} from './binding.js';
import { fromV03Proto, toV03Proto } from './v0-3-proto.form.js';

/** How a version says things over gRPC. */
interface VersionAdapter {
  readonly version: '1.0' | '0.3';
  readonly service: string;
  readonly headers: CallHeaders;
  rpc(operation: Operation): string;
  encode(operation: Operation, request: object): Buffer;
  decode(operation: Operation, bytes: Buffer): unknown;
  event(bytes: Buffer): StreamEvent;
}

/** What the official SDK has of each message of v1.0; its service has what makes bytes of them. */
interface SdkMessage {
  fromJSON(object: unknown): unknown;
  toJSON(message: never): unknown;
}

const rpcOf = (operation: Operation): grpc.MethodDefinition<unknown, unknown> => {
  const name = operation[0]!.toLowerCase() + operation.slice(1);
  return SERVICES['1.0'][name] as grpc.MethodDefinition<unknown, unknown>;
};

const REQUESTS: Readonly<Record<Operation, SdkMessage>> = {
  SendMessage: sdk.SendMessageRequest,
  SendStreamingMessage: sdk.SendMessageRequest,
  GetTask: sdk.GetTaskRequest,
  ListTasks: sdk.ListTasksRequest,
  CancelTask: sdk.CancelTaskRequest,
  SubscribeToTask: sdk.SubscribeToTaskRequest,
  CreateTaskPushNotificationConfig: sdk.TaskPushNotificationConfig,
  GetTaskPushNotificationConfig: sdk.GetTaskPushNotificationConfigRequest,
  ListTaskPushNotificationConfigs: sdk.ListTaskPushNotificationConfigsRequest,
  DeleteTaskPushNotificationConfig: sdk.DeleteTaskPushNotificationConfigRequest,
  GetExtendedAgentCard: sdk.GetExtendedAgentCardRequest,
};

const RESPONSES: Readonly<Partial<Record<Operation, SdkMessage>>> = {
  SendMessage: sdk.SendMessageResponse,
  GetTask: sdk.Task,
  ListTasks: sdk.ListTasksResponse,
  CancelTask: sdk.Task,
  CreateTaskPushNotificationConfig: sdk.TaskPushNotificationConfig,
  GetTaskPushNotificationConfig: sdk.TaskPushNotificationConfig,
  ListTaskPushNotificationConfigs: sdk.ListTaskPushNotificationConfigsResponse,
  GetExtendedAgentCard: sdk.AgentCard,
};

/** Members that a proto leaves out when they are empty, and JSON has always. */
const ALWAYS: Readonly<Partial<Record<Operation, object>>> = {
  ListTasks: { tasks: [], nextPageToken: '', totalSize: 0 },
  ListTaskPushNotificationConfigs: { configs: [], nextPageToken: '' },
};

const jsonOf = (type: SdkMessage, operation: Operation, bytes: Buffer): unknown =>
  type.toJSON(rpcOf(operation).responseDeserialize(bytes) as never);

const V10: VersionAdapter = {
  version: '1.0',
  service: 'lf.a2a.v1.A2AService',
  headers: { 'a2a-version': '1.0' },
  rpc: (operation) => operation,
  encode: (operation, request) => rpcOf(operation).requestSerialize(REQUESTS[operation].fromJSON(request)),
  decode(operation, bytes) {
    const type = RESPONSES[operation];
    return type ? { ...ALWAYS[operation], ...(jsonOf(type, operation, bytes) as object) } : {};
  },
  event: (bytes) => ({ response: jsonOf(sdk.StreamResponse, 'SubscribeToTask', bytes) as StreamResponse }),
};

const V03_RPCS: Readonly<Partial<Record<Operation, readonly [rpc: string, MessageType, MessageType]>>> = {
  SendMessage: ['SendMessage', V03.SendMessageRequest, V03.SendMessageResponse],
  SendStreamingMessage: ['SendStreamingMessage', V03.SendMessageRequest, V03.StreamResponse],
  GetTask: ['GetTask', V03.GetTaskRequest, V03.Task],
  CancelTask: ['CancelTask', V03.CancelTaskRequest, V03.Task],
  SubscribeToTask: ['TaskSubscription', V03.SubscribeToTaskRequest, V03.StreamResponse],
  CreateTaskPushNotificationConfig: [
    'CreateTaskPushNotificationConfig',
    V03.CreateTaskPushNotificationConfigRequest,
    V03.TaskPushNotificationConfig,
  ],
  GetTaskPushNotificationConfig: [
    'GetTaskPushNotificationConfig',
    V03.GetTaskPushNotificationConfigRequest,
    V03.TaskPushNotificationConfig,
  ],
  ListTaskPushNotificationConfigs: [
    'ListTaskPushNotificationConfig',
    V03.ListTaskPushNotificationConfigsRequest,
    V03.ListTaskPushNotificationConfigsResponse,
  ],
  DeleteTaskPushNotificationConfig: [
    'DeleteTaskPushNotificationConfig',
    V03.DeleteTaskPushNotificationConfigRequest,
    V03.Empty,
  ],
  GetExtendedAgentCard: ['GetAgentCard', V03.GetExtendedAgentCardRequest, V03.AgentCard],
};

function v03Rpc(operation: Operation) {
  const rpc = V03_RPCS[operation];
  if (!rpc) throw new Error(`v0.3 has no ${operation}.`);
  return rpc;
}

const V03_DIALECT: VersionAdapter = {
  version: '0.3',
  service: 'a2a.v1.A2AService',
  headers: {},
  rpc: (operation) => v03Rpc(operation)[0],
  encode: (operation, request) => v03Rpc(operation)[1].encode(toV03Proto(operation, request)),
  decode: (operation, bytes) => fromV03Proto.answer(operation, v03Rpc(operation)[2].decode(bytes)),
  event: (bytes) => fromV03Proto.event(V03.StreamResponse.decode(bytes)),
};

const asIs = (bytes: Buffer): Buffer => bytes;
const textOf = (metadata: grpc.Metadata): Record<string, string> =>
  Object.fromEntries(Object.entries(metadata.getMap()).map(([name, value]) => [name, String(value)]));

class GrpcConnection implements Connection {
  readonly #client: grpc.Client;

  constructor(
    address: string,
    private readonly dialect: VersionAdapter,
    private readonly headers: CallHeaders,
  ) {
    this.#client = new grpc.Client(address, grpc.credentials.createInsecure());
  }

  call(operation: UnaryOperation, request: object, headers: CallHeaders = {}): Promise<Answer<unknown>> {
    return new Promise((resolve, reject) => {
      let said: Record<string, string> = {};
      const done = (error: grpc.ServiceError | null, bytes?: Buffer): void => {
        try {
          if (error) resolve({ error: failureOf(error), headers: said });
          else resolve({ result: this.dialect.decode(operation, bytes!), headers: said });
        } catch (fault) {
          reject(fault instanceof Error ? fault : new Error(String(fault)));
        }
      };
      this.#client
        .makeUnaryRequest(
          this.#path(operation),
          asIs,
          asIs,
          this.dialect.encode(operation, request),
          this.#metadata(headers),
          done,
        )
        .on('metadata', (metadata: grpc.Metadata) => (said = textOf(metadata)));
    });
  }

  /** Open when the first message is there. */
  open(operation: StreamOperation, request: object, headers: CallHeaders = {}): Promise<OpenStream | Failure> {
    const bytes = this.dialect.encode(operation, request);
    const stream = this.#client.makeServerStreamRequest(
      this.#path(operation),
      asIs,
      asIs,
      bytes,
      this.#metadata(headers),
    );
    return new Promise((resolve, reject) => {
      let said: Record<string, string> = {};
      const refused = (error: grpc.ServiceError): void => {
        try {
          resolve(failureOf(error));
        } catch (fault) {
          reject(fault instanceof Error ? fault : new Error(String(fault)));
        }
      };
      const readable = (): void => {
        // The end of a call is readable too.
        if (stream.readableLength === 0) return;
        stream.off('error', refused).off('readable', readable);
        resolve(this.#opened(stream, said));
      };
      stream.on('metadata', (metadata: grpc.Metadata) => (said = textOf(metadata)));
      stream.on('error', refused).on('readable', readable);
    });
  }

  close(): void {
    this.#client.close();
  }

  #opened(stream: grpc.ClientReadableStream<Buffer>, headers: Record<string, string>): OpenStream {
    const { dialect } = this;
    async function* events(): AsyncGenerator<StreamEvent> {
      for await (const bytes of stream as AsyncIterable<Buffer>) yield dialect.event(bytes);
    }
    const close = (): void => {
      // Leaving is an error of the library's stream.
      stream.on('error', () => undefined);
      stream.cancel();
    };
    return { headers, close, [Symbol.asyncIterator]: events };
  }

  #path(operation: Operation): string {
    return `/${this.dialect.service}/${this.dialect.rpc(operation)}`;
  }

  #metadata(headers: CallHeaders): grpc.Metadata {
    const all = { ...this.dialect.headers, ...this.headers, ...headers };
    const entries = Object.entries(all).map(([name, value]): [string, string] => [name.toLowerCase(), value]);
    return metadataOf(Object.fromEntries(entries));
  }
}

function failureOf(error: grpc.ServiceError): Failure {
  const [bytes] = error.metadata.get('grpc-status-details-bin');
  if (!Buffer.isBuffer(bytes)) throw new Error(`An error without details: ${error.code} ${error.details}`);
  const { message, details } = decodeStatus(bytes);
  const valueOf = (type: string): Uint8Array | undefined =>
    details.find(({ typeUrl }) => typeUrl === `type.googleapis.com/google.rpc.${type}`)?.value;
  const info = valueOf('ErrorInfo');
  if (!info) throw new Error(`An error without ErrorInfo: ${error.code} ${error.details}`);
  const violations = valueOf('BadRequest');
  return {
    reason: decodeErrorInfo(Buffer.from(info)).reason as ErrorReason,
    message,
    fields: violations ? fieldsOf(violations) : [],
  };
}

/** `google.rpc.BadRequest`: field 1 holds violations, whose field 1 names a field. */
function fieldsOf(bytes: Uint8Array): string[] {
  const fields: string[] = [];
  const outer = new BinaryReader(bytes);
  while (outer.pos < outer.len) {
    outer.tag();
    const inner = new BinaryReader(outer.bytes());
    while (inner.pos < inner.len) {
      const [number] = inner.tag();
      const text = inner.string();
      if (number === 1) fields.push(text);
    }
  }
  return fields;
}

const binding = (dialect: VersionAdapter, traits: Pick<Binding, 'without' | 'lacks'>): Binding => ({
  name: `gRPC ${dialect.version}`,
  version: dialect.version,
  json: false,
  ...traits,
  connect({ grpc: address }, headers = {}) {
    if (address === undefined) throw new Error('The server has no gRPC.');
    return new GrpcConnection(address, dialect, headers);
  },
});

export const grpc10 = binding(V10, { without: [], lacks: [] });
export const grpc03 = binding(V03_DIALECT, {
  without: ['ListTasks'],
  lacks: ['historyLength 0', 'referenceTaskIds'],
});
