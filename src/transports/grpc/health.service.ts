import type { sendUnaryData, ServerUnaryCall, ServerWritableStream } from '@grpc/grpc-js';
import { field, enumOf, message, string } from '../../protocol/protobuf/index.js';
import type { Grpc } from './load-grpc.js';

const REQUEST = message({ service: field(1, string) });
const RESPONSE = message({ status: field(1, enumOf('UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN')) });

/** An object, because the library takes an empty string for no request. */
interface HealthRequest {
  readonly service: string;
}
type WatchCall = ServerWritableStream<HealthRequest, Buffer>;
type Status = 'SERVING' | 'NOT_SERVING';

const calls = (name: string, responseStream: boolean) => ({
  path: `/grpc.health.v1.Health/${name}`,
  requestStream: false as const,
  responseStream,
  requestSerialize: (request: HealthRequest) => REQUEST.encode(request),
  requestDeserialize: (bytes: Buffer): HealthRequest => ({ service: String(REQUEST.decode(bytes)['service'] ?? '') }),
  responseSerialize: (bytes: Buffer) => bytes,
  responseDeserialize: (bytes: Buffer) => bytes,
});

/**
 * The standard `grpc.health.v1.Health`, for load balancers and orchestrators: whether calls are served. All services have the
 * same status; '' is the whole server.
 */
export class HealthService {
  readonly definition = { Check: calls('Check', false), Watch: calls('Watch', true) };
  readonly #watchers = new Map<WatchCall, string>();
  readonly #services: ReadonlySet<string>;
  #status: Status = 'SERVING';

  constructor(
    private readonly grpc: Grpc,
    services: readonly string[],
  ) {
    this.#services = new Set(['', ...services]);
  }

  readonly implementation = {
    Check: ({ request }: ServerUnaryCall<HealthRequest, Buffer>, callback: sendUnaryData<Buffer>): void => {
      if (this.#services.has(request.service)) callback(null, this.#answer(request.service));
      else callback({ code: this.grpc.status.NOT_FOUND, details: 'There is no service of that name here.' });
    },
    Watch: (call: WatchCall): void => {
      const { service } = call.request;
      call.write(this.#answer(service));
      this.#watchers.set(call, service);
      call.once('cancelled', () => this.#watchers.delete(call));
    },
  };

  /** From now on no calls are served. */
  stopServing(): void {
    if (this.#status === 'NOT_SERVING') return;
    this.#status = 'NOT_SERVING';
    for (const [call, service] of this.#watchers) call.write(this.#answer(service));
  }

  /** Ends the watchers, which would keep the server from shutting down. */
  close(): void {
    this.stopServing();
    const code = this.grpc.status.UNAVAILABLE;
    for (const call of this.#watchers.keys()) call.emit('error', { code, details: 'The server is shutting down.' });
  }

  #answer(service: string): Buffer {
    return RESPONSE.encode({ status: this.#services.has(service) ? this.#status : 'SERVICE_UNKNOWN' });
  }
}
