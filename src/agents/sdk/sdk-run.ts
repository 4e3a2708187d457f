import { jsonSize } from '../../common/large-json.js';
import { BoundedBuffer } from '../../events/bounded-buffer.js';
import { invalidAgentResponse } from '../../protocol/errors/index.js';
import { isTerminal } from '../../protocol/state/task-state.js';
import type { AgentEventDraft } from '../agent-event-draft.js';
import { describe } from '../agent-event.check.js';
import type { RequestContext } from '../request-context.js';
import type { TaskUpdater } from '../task-updater.js';
import type { AdaptOptions } from './adapt.options.js';
import { SDK_DIALECTS } from './sdk-dialect.js';
import { SdkEventBus } from './sdk-event-bus.js';
import { SdkEvents } from './sdk-events.js';
import { sdkRequest } from './sdk-request-context.js';

const MAX_EVENTS = 10_000;
const MAX_BYTES = 16 * 1024 * 1024;

interface Waiting {
  readonly draft: AgentEventDraft;
  readonly accepted: () => void;
}

/**
 * One turn of an executor: takes what it publishes, which cannot wait, and passes it on in order, as fast as the run accepts it.
 * After the end of the turn, `finished()`, a final state or a Message it takes nothing more.
 */
export class SdkRun {
  readonly requestContext: object;
  readonly bus = new SdkEventBus(
    (event) => this.#publish(event),
    () => this.#finish(),
  );
  readonly #buffer: BoundedBuffer<Waiting>;
  readonly #events: SdkEvents;
  #open = true;
  #passingOn?: Promise<void>;
  #fail!: (error: unknown) => void;
  #close!: () => void;
  #finished!: () => void;
  /** Rejects when an event is refused, or cannot be kept. */
  readonly failed = new Promise<never>((_resolve, reject) => (this.#fail = reject));
  /** Resolves when nothing more is taken. */
  readonly closed = new Promise<void>((resolve) => (this.#close = resolve));
  /** Resolves when the executor says so. */
  readonly finished = new Promise<void>((resolve) => (this.#finished = resolve));

  constructor(
    context: RequestContext,
    private readonly updater: TaskUpdater,
    private readonly options: AdaptOptions,
    /** Called for an event that comes too late. */
    private readonly late: () => void,
  ) {
    const { sdk = '1.0', maxBufferedEvents = MAX_EVENTS, maxBufferedBytes = MAX_BYTES, callContext } = options;
    const { requestContext, task } = sdkRequest(context, SDK_DIALECTS[sdk], callContext);
    this.requestContext = requestContext;
    this.#events = new SdkEvents(context, task);
    this.#buffer = new BoundedBuffer<Waiting>({
      maxItems: maxBufferedEvents,
      maxBytes: maxBufferedBytes,
      sizeOf: ({ draft }) => jsonSize(draft),
    });
    this.failed.catch(() => undefined);
  }

  /** Takes nothing more. What was published before is still passed on. */
  close(): void {
    this.#open = false;
    this.#close();
  }

  #finish(): void {
    this.close();
    this.#finished();
  }

  /** Also drops what was not passed on yet. */
  abandon(): void {
    this.close();
    while (this.#buffer.length > 0) this.#buffer.shift().accepted();
  }

  /** Resolves when all that was published is accepted. */
  async passedOn(): Promise<void> {
    await this.#passingOn;
  }

  #publish(event: unknown): Promise<void> {
    if (!this.#open) {
      this.late();
      return Promise.resolve();
    }
    try {
      return this.#take(this.#draftsOf(event));
    } catch (error) {
      // Also if the executor catches it: an event is missing.
      this.abandon();
      this.#fail(error);
      throw error;
    }
  }

  #draftsOf(event: unknown): AgentEventDraft[] {
    const { sdk = '1.0' } = this.options;
    const canonical = SDK_DIALECTS[sdk].event(event);
    if (canonical !== undefined) return this.#events.drafts(canonical);
    const other = sdk === '1.0' ? '0.3' : '1.0';
    throw invalidAgentResponse(
      SDK_DIALECTS[other].event(event) === undefined
        ? `The executor published ${describe(event)} that is no event of @a2a-js/sdk ${sdk}.`
        : `The executor published an event of @a2a-js/sdk ${other}, but is adapted as one for ${sdk}: set the option sdk: '${other}'.`,
    );
  }

  /** The last of the events is the last to be accepted. */
  #take(drafts: readonly AgentEventDraft[]): Promise<void> {
    let last = Promise.resolve();
    for (const draft of drafts) {
      const { promise, accepted } = acceptance();
      if (!this.#buffer.push({ draft, accepted })) throw this.#full();
      last = promise;
    }
    if (drafts.some(ends)) this.close();
    if (this.#buffer.length > 0) this.#passingOn ??= this.#passOn();
    return last;
  }

  async #passOn(): Promise<void> {
    try {
      while (this.#buffer.length > 0) {
        const { draft, accepted } = this.#buffer.shift();
        await this.updater.emit(draft).finally(accepted);
      }
    } catch (error) {
      this.abandon();
      this.#fail(error);
    } finally {
      this.#passingOn = undefined;
    }
  }

  #full(): Error {
    return invalidAgentResponse(
      `The executor published faster than its events can be stored, and ${this.#buffer.length} of them wait: await eventBus.publish(event), or raise maxBufferedEvents or maxBufferedBytes.`,
    );
  }
}

function acceptance(): { promise: Promise<void>; accepted: () => void } {
  let accepted!: () => void;
  const promise = new Promise<void>((resolve) => (accepted = resolve));
  return { promise, accepted };
}

function ends(draft: AgentEventDraft): boolean {
  if ('message' in draft) return true;
  const status = 'statusUpdate' in draft ? draft.statusUpdate.status : 'task' in draft ? draft.task.status : undefined;
  return status !== undefined && isTerminal(status.state);
}
