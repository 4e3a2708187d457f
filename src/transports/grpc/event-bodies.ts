import type { JsonCodec } from '../../protocol/codec.interface.js';
import { type MessageType, V03, V10 } from '../../protocol/protobuf/index.js';
import { v03ProtoCodec } from '../../protocol/v0-3-proto/index.js';
import { v10Codec } from '../../protocol/v1-0/index.js';
import type { StreamItem } from '../../request-handler/request-handler.interface.js';
import type { EventEncoding } from '../../tasks/committed-event.js';
import type { ProtocolVersion } from '../protocol-version.js';

type StreamResponse = Parameters<JsonCodec['encode']['StreamResponse']>[0];

/** The messages of a stream in one version's protobuf. Those of committed events are encoded once, for all streams. */
export class EventBodies {
  readonly #events: EventEncoding;
  readonly #saysFinal: boolean;

  constructor(
    private readonly codec: JsonCodec,
    private readonly type: MessageType,
  ) {
    this.#saysFinal = codec.version === '0.3';
    this.#events = { name: `grpc ${codec.version}`, encode: (event, final) => this.#encode(event.event, final) };
  }

  of(item: StreamItem): Buffer {
    // v1.0 has no `final`: one body serves both.
    if (item.type === 'event') return item.event.body(this.#events, item.final && this.#saysFinal);
    if (item.type === 'message') return this.#encode({ message: item.message }, item.final);
    return item.document.body(`${this.#events.name} ${item.final}`, (task) => this.#encode({ task }, item.final));
  }

  #encode(response: StreamResponse, final: boolean): Buffer {
    return this.type.encode(this.codec.encode.StreamResponse(response, final));
  }
}

export const EVENT_BODIES: Readonly<Record<ProtocolVersion, EventBodies>> = {
  '1.0': new EventBodies(v10Codec, V10.StreamResponse),
  '0.3': new EventBodies(v03ProtoCodec, V03.StreamResponse),
};
