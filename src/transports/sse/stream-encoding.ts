import type { JsonCodec } from '../../protocol/codec.interface.js';
import { v03ProtoCodec } from '../../protocol/v0-3-proto/index.js';
import { v03Codec } from '../../protocol/v0-3/index.js';
import { v10Codec } from '../../protocol/v1-0/index.js';
import type { StreamItem } from '../../request-handler/request-handler.interface.js';
import type { EventEncoding } from '../../tasks/committed-event.js';
import type { TaskDocument } from '../../tasks/task-document.js';
import type { SseFrame } from './sse.framer.js';

/** The events of a stream in one wire format, with their numbers. The bodies of committed events are made once, for all streams. */
export class StreamEncoding {
  constructor(
    private readonly codec: JsonCodec,
    private readonly events: EventEncoding,
  ) {}

  frame(item: StreamItem): SseFrame {
    if (item.type === 'event') {
      // v1.0 does not send `final`: one body serves both.
      return { seq: item.seq, body: item.event.body(this.events, item.final && this.codec.version === '0.3') };
    }
    if (item.type === 'snapshot') return { seq: item.seq, body: this.#snapshot(item.document, item.final) };
    return { body: this.#body({ message: item.message }, item.final) };
  }

  #snapshot(document: TaskDocument, final: boolean): Buffer {
    if (this.codec.version === '1.0') return document.json;
    return document.body(`${this.events.name} ${final}`, (task) => this.#body({ task }, final));
  }

  #body(response: Parameters<JsonCodec['encode']['StreamResponse']>[0], final: boolean): Buffer {
    return Buffer.from(JSON.stringify(this.codec.encode.StreamResponse(response, final)));
  }
}

const encodedBy = (codec: JsonCodec, name: string): StreamEncoding =>
  new StreamEncoding(codec, {
    name,
    encode: (event, final) => JSON.stringify(codec.encode.StreamResponse(event.event, final)),
  });

/** v1.0 is the form in which events are stored; JSON-RPC and HTTP+JSON share it. */
export const V10_STREAM = new StreamEncoding(v10Codec, { name: '1.0', encode: (event) => event.text });
export const V03_STREAM = encodedBy(v03Codec, '0.3');
export const V03_PROTO_STREAM = encodedBy(v03ProtoCodec, '0.3 proto');
