import type {
  sendUnaryData,
  ServerInterceptor,
  ServerUnaryCall,
  ServerWritableStream,
  UntypedHandleCall,
} from '@grpc/grpc-js';
import { SafeLogger } from '../../common/safe-logger.js';
import type { AgentRegistry } from '../../agents/agent-registry.interface.js';
import type { DrainService } from '../../execution/drain.service.js';
import { A2AError, unauthenticated, unavailable } from '../../protocol/errors/index.js';
import type { StreamItem } from '../../request-handler/request-handler.interface.js';
import { CLIENT_LEFT } from '../operation.runner.js';
import type { CallIntake } from './call.intake.js';
import { type AnyCall, calledAgent, EVENT_ID_KEY, headersOf, metadataOf } from './server-call.js';
import { TaskResponse } from '../task-response.js';
import { type StreamEnd, StreamLifetime } from '../stream-lifetime.js';
import { EVENT_BODIES } from './event-bodies.js';
import type { GrpcDispatcher } from './grpc.dispatcher.js';
import type { Grpc } from './load-grpc.js';
import type { GrpcMethod, GrpcService } from './service.definition.js';
import { failureOf } from './status-trailers.js';
import { StreamWriter } from './stream.writer.js';

type UnaryCall = ServerUnaryCall<Buffer, Buffer>;
type StreamCall = ServerWritableStream<Buffer, Buffer>;

/** Runs calls: one response or a stream of them, or a status for an error. Spec 10. */
export class GrpcEndpoint {
  readonly #logger = new SafeLogger('A2A');

  constructor(
    private readonly dispatcher: GrpcDispatcher,
    private readonly drain: DrainService,
    private readonly intake: CallIntake,
    private readonly agents: AgentRegistry,
  ) {}

  /** The interceptor that receives the calls of these services, before their handlers. */
  interceptorOf(grpc: Grpc, services: readonly GrpcService[]): ServerInterceptor {
    const operations = services.flatMap(({ name, methods }) =>
      Object.entries(methods).map(([call, { operation }]) => [`/${name}/${call}`, operation] as const),
    );
    return this.intake.interceptor(grpc, new Map(operations), (error, path) => this.#report(error, path));
  }

  /** The implementation of a service, by the names of its calls. */
  handlersOf(grpc: Grpc, { methods }: GrpcService): Record<string, UntypedHandleCall> {
    const handlers = Object.entries(methods).map(([name, method]): [string, UntypedHandleCall] => [
      name,
      !method.operation.streams
        ? (call: UnaryCall, callback: sendUnaryData<Buffer>) => void this.#answer(grpc, method, call, callback)
        : (call: StreamCall) => void this.#stream(grpc, method, call),
    ]);
    return Object.fromEntries(handlers);
  }

  async #answer(grpc: Grpc, method: GrpcMethod, call: UnaryCall, callback: sendUnaryData<Buffer>): Promise<void> {
    try {
      const taken = this.intake.of(call.metadata);
      const { result, headers } = await this.dispatcher.dispatch(call, method, taken);
      const body =
        result instanceof TaskResponse ? result.message(method.response) : method.response.encode(result ?? {});
      const bytes = taken.hold(body.length);
      const unwatch = taken.watchTaking(body.length);
      taken.onEnd(() => {
        unwatch();
        bytes.release();
      });
      call.sendMetadata(metadataOf(grpc, headers));
      callback(null, body);
    } catch (error) {
      callback(this.#failure(grpc, call, error));
    }
  }

  async #stream(grpc: Grpc, method: GrpcMethod, call: StreamCall): Promise<void> {
    try {
      const taken = this.intake.of(call.metadata);
      const { stream, headers } = await this.dispatcher.dispatch(call, method, taken);
      const bodies = EVENT_BODIES[method.operation.version];
      let begun = false;
      let complete = false;
      const begin = (first?: StreamItem): void => {
        if (begun) return;
        begun = true;
        call.sendMetadata(metadataOf(grpc, { ...headers, ...eventId(first) }));
      };
      const lifetime = new StreamLifetime(stream!, taken.limits.options, taken.principal?.expiresAt?.getTime());
      taken.onEnd(() => lifetime.stop());
      await new StreamWriter(call, taken).pump(stream!, (batch) => {
        begin(batch[0]);
        complete = batch.at(-1)?.final ?? complete;
        return batch.map((item) => bodies.of(item));
      });
      if (!complete && lifetime.ended !== undefined) throw endedBefore(lifetime.ended);
      // A shutdown ends readers silently.
      if (!complete) this.drain.assertNotClosed();
      begin();
      call.end();
    } catch (error) {
      call.emit('error', this.#failure(grpc, call, error));
    }
  }

  #failure(grpc: Grpc, call: AnyCall, error: unknown): ReturnType<typeof failureOf> {
    if (error !== CLIENT_LEFT) {
      this.#report(error, call.getPath());
      this.intake.of(call.metadata).observed.failed(error);
    }
    return failureOf(grpc, error, calledAgent(this.agents, headersOf(call.metadata)));
  }

  /** Errors of the protocol go to the client only; all others are logged. */
  #report(error: unknown, path: string): void {
    if (error instanceof A2AError && error.reason !== 'INTERNAL') return;
    const cause = error instanceof A2AError ? (error.cause ?? error) : error;
    this.#logger.error(
      `The gRPC call ${path} failed: ${String(cause)}`,
      cause instanceof Error ? cause.stack : undefined,
    );
  }
}

/** Tells the client to subscribe again. */
const endedBefore = (why: StreamEnd): A2AError =>
  why === 'age'
    ? unavailable('The stream has reached its maximum age. Subscribe to the task again.', undefined, 0)
    : unauthenticated('Your credentials have expired. Subscribe to the task again with new ones.');

const eventId = (item: StreamItem | undefined): Record<string, string> =>
  item === undefined || item.type === 'message' ? {} : { [EVENT_ID_KEY]: String(item.seq) };
