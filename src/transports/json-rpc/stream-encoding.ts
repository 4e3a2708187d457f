import type { JsonCodec } from '../../protocol/codec.interface.js';
import type { StreamItem } from '../../request-handler/request-handler.interface.js';
import type { CommittedEvent, EventEncoding } from '../../tasks/committed-event.js';
import type { SseFrame } from '../http/sse.framer.js';

const V10_EVENTS: EventEncoding = { name: '1.0', encode: (event) => event.text };

/** The bodies of a stream's events in one wire's form. Those of committed events are made once, for all streams. */
export class StreamEncoding {
  readonly #events: EventEncoding;
  readonly #saysFinal: boolean;

  constructor(private readonly codec: JsonCodec) {
    this.#saysFinal = codec.version === '0.3';
    this.#events = this.#saysFinal
      ? { name: '0.3', encode: (event, final) => JSON.stringify(codec.encodeStreamResponse(event.event, final)) }
      : V10_EVENTS;
  }

  frame(item: StreamItem): SseFrame {
    if (item.type === 'event') return { seq: item.seq, body: this.#event(item.event, item.final) };
    if (item.type === 'snapshot') return { seq: item.seq, body: this.#body({ task: item.task }, item.final) };
    return { body: this.#body({ message: item.message }, item.final) };
  }

  /** v1.0 does not say `final`: one body serves both. */
  #event(event: CommittedEvent, final: boolean): Buffer {
    return event.body(this.#events, final && this.#saysFinal);
  }

  #body(response: Parameters<JsonCodec['encodeStreamResponse']>[0], final: boolean): Buffer {
    return Buffer.from(JSON.stringify(this.codec.encodeStreamResponse(response, final)));
  }
}
