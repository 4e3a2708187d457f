import type { sendUnaryData, ServerUnaryCall, ServerWritableStream, UntypedHandleCall } from '@grpc/grpc-js';
import { Injectable, Logger } from '@nestjs/common';
import { DrainService } from '../../execution/drain.service.js';
import { A2AError } from '../../protocol/errors/index.js';
import type { StreamItem } from '../../request-handler/request-handler.interface.js';
import { CLIENT_LEFT } from '../http/client-signal.js';
import { challengeOf } from '../http/challenge.js';
import { EVENT_ID_KEY, metadataOf } from './call-headers.js';
import type { AnyCall } from './call-signal.js';
import { EVENT_BODIES } from './event-bodies.js';
import { GrpcDispatcher } from './grpc.dispatcher.js';
import type { Grpc } from './load-grpc.js';
import type { GrpcMethod, GrpcService } from './service.definition.js';
import { statusOf } from './status-trailers.js';
import { StreamWriter } from './stream.writer.js';

type UnaryCall = ServerUnaryCall<Buffer, Buffer>;
type StreamCall = ServerWritableStream<Buffer, Buffer>;

/** Runs calls: one answer or a stream of them, or a status that says what went wrong. Spec 10. */
@Injectable()
export class GrpcEndpoint {
  readonly #logger = new Logger('A2A');

  constructor(
    private readonly dispatcher: GrpcDispatcher,
    private readonly drain: DrainService,
  ) {}

  /** The implementation of a service, by the names of its calls. */
  handlersOf(grpc: Grpc, { methods }: GrpcService): Record<string, UntypedHandleCall> {
    const handlers = Object.entries(methods).map(([name, method]): [string, UntypedHandleCall] => [
      name,
      method.operation.open === undefined
        ? (call: UnaryCall, callback: sendUnaryData<Buffer>) => void this.#answer(grpc, method, call, callback)
        : (call: StreamCall) => void this.#stream(grpc, method, call),
    ]);
    return Object.fromEntries(handlers);
  }

  async #answer(grpc: Grpc, method: GrpcMethod, call: UnaryCall, callback: sendUnaryData<Buffer>): Promise<void> {
    try {
      const { result, headers } = await this.dispatcher.dispatch(call, method);
      const body = method.response.encode(result ?? {});
      call.sendMetadata(metadataOf(grpc, headers));
      callback(null, body);
    } catch (error) {
      callback(this.#failure(grpc, call, error));
    }
  }

  async #stream(grpc: Grpc, method: GrpcMethod, call: StreamCall): Promise<void> {
    try {
      const { stream, headers } = await this.dispatcher.dispatch(call, method);
      const bodies = EVENT_BODIES[method.operation.version];
      let begun = false;
      let complete = false;
      const begin = (first?: StreamItem): void => {
        if (begun) return;
        begun = true;
        call.sendMetadata(metadataOf(grpc, { ...headers, ...eventId(first) }));
      };
      await new StreamWriter(call).pump(stream!, (batch) => {
        begin(batch[0]);
        complete = batch.at(-1)?.final ?? complete;
        return batch.map((item) => bodies.of(item));
      });
      // A shutdown ends readers without a word.
      if (!complete) this.drain.assertNotClosed();
      begin();
      call.end();
    } catch (error) {
      call.emit('error', this.#failure(grpc, call, error));
    }
  }

  #failure(grpc: Grpc, call: AnyCall, error: unknown): ReturnType<typeof statusOf> {
    if (error !== CLIENT_LEFT) this.#report(error, call.getPath());
    const challenge =
      error instanceof A2AError && error.reason === 'UNAUTHENTICATED'
        ? challengeOf(this.dispatcher.agentOf(call)?.options.securitySchemes)
        : {};
    return statusOf(grpc, error, challenge);
  }

  /** Errors of the protocol are the client's to know; the rest is ours. */
  #report(error: unknown, path: string): void {
    if (error instanceof A2AError && error.reason !== 'INTERNAL') return;
    const cause = error instanceof A2AError ? (error.cause ?? error) : error;
    this.#logger.error(
      `The gRPC call ${path} failed: ${String(cause)}`,
      cause instanceof Error ? cause.stack : undefined,
    );
  }
}

const eventId = (item: StreamItem | undefined): Record<string, string> =>
  item === undefined || item.type === 'message' ? {} : { [EVENT_ID_KEY]: String(item.seq) };
