import { Inject, Injectable, type MessageEvent, MethodNotAllowedException, type OnModuleDestroy } from '@nestjs/common';
import type { Observable } from 'rxjs';
import { SafeLogger } from '../../common/safe-logger.js';
import { resourceExhausted, unavailable } from '../../protocol/errors/index.js';
import { PulledIterator } from '../../events/pulled.iterator.js';
import { type PacedEvent, pacedEvents } from '../../transports/event-source/paced-events.js';
import { ClientCall } from '../../transports/http/client-call.js';
import { type PlatformRequest, type PlatformResponse, rawRequest } from '../../transports/http/platform.js';
import { SseFramer } from '../../transports/sse/sse.framer.js';
import { AdminParts } from '../admin-parts.js';
import { ADMIN_OPTIONS, type AdminSettings } from '../admin.options.js';
import { adminAnswer, isUnexpected } from '../http/admin-errors.js';

/** Where batches come from. */
export interface AdminSource<Item> {
  /** The next batch; undefined: it has ended. */
  pull(): Promise<Item[] | undefined>;
  /** Makes a waiting pull return undefined. */
  stop(): unknown;
}

/** As both adapters give it to guards. */
export interface AdminRequest extends PlatformRequest {
  readonly query?: unknown;
}

/** One HTTP exchange, as the adapter gives it to a handler. */
export interface AdminExchange {
  readonly request: PlatformRequest;
  readonly response: PlatformResponse;
}

type Stoppable = Pick<AdminSource<unknown>, 'stop'>;

const FAILURE = new SseFramer('', '', 'error');

/** The event streams of operators. Their number is bounded, they send what their client takes, and a shutdown ends them. */
@Injectable()
export class AdminStreams implements OnModuleDestroy {
  readonly #log = new SafeLogger('Admin');
  readonly #open = new Set<Stoppable>();
  #closed = false;

  constructor(
    private readonly parts: AdminParts,
    @Inject(ADMIN_OPTIONS) private readonly settings: Pick<AdminSettings, 'maxStreams'>,
  ) {}

  /** For `@Sse(…, PACED)`. @throws A2AError RESOURCE_EXHAUSTED, OVERLOADED */
  send<Item>(
    { request, response }: AdminExchange,
    source: AdminSource<Item>,
    encode: (item: Item) => PacedEvent,
  ): Observable<MessageEvent> {
    try {
      this.#assertRoom(request);
      const raw = 'raw' in response ? response.raw : response;
      const call = new ClientCall(this.parts.limits, request, raw);
      raw.once('close', () => this.#leave(source));
      this.#open.add(source);
      return pacedEvents(
        call,
        new PulledIterator(
          () => source.pull(),
          () => source.stop(),
        ),
        {
          encode,
          keepAliveMs: this.parts.http.keepAliveMs,
          failure: (error) => this.#failure(error),
        },
      );
    } catch (error) {
      this.#leave(source);
      throw error;
    }
  }

  onModuleDestroy(): void {
    this.#closed = true;
    for (const source of this.#open) void source.stop();
  }

  #assertRoom(request: PlatformRequest): void {
    // Routers pass HEAD to the handler of GET.
    if (rawRequest(request).method !== 'GET') throw new MethodNotAllowedException('Use GET for an event stream.');
    if (this.#closed) throw unavailable('The server is shutting down. Try again: another one will answer.');
    if (this.#open.size < this.settings.maxStreams) return;
    throw resourceExhausted(
      `${this.settings.maxStreams} event streams of operators are open here. Close some of them.`,
      5,
    );
  }

  #leave(source: Stoppable): void {
    this.#open.delete(source);
    void source.stop();
  }

  #failure(error: unknown): readonly Buffer[] {
    if (isUnexpected(error)) this.#log.error('An event stream of the admin API failed.', error);
    return FAILURE.frame({ body: Buffer.from(JSON.stringify(adminAnswer(error).body)) });
  }
}
