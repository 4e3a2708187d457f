import type { JsonCodec } from '../protocol/codec.interface.js';
import type { MessageType } from '../protocol/protobuf/index.js';
import type { TaskDocument } from '../tasks/task-document.js';

/** A Task as the answer of a call, in one JSON form. Callers that get the same large task share its bytes. */
export class TaskResponse {
  constructor(
    private readonly document: TaskDocument,
    private readonly codec: JsonCodec,
  ) {}

  json(): Buffer {
    const { document, codec } = this;
    if (codec.version === '1.0') return document.bare;
    return document.body(codec, (task) => Buffer.from(JSON.stringify(codec.encode.Task(task))));
  }

  /** As a protobuf message. */
  message(type: MessageType): Buffer {
    return this.document.body(type, (task) => type.encode(this.codec.encode.Task(task)));
  }
}

/** The JSON of any answer, as a string, or as bytes shared with other answers. */
export const responseJson = (result: object | null): string | Buffer =>
  result instanceof TaskResponse ? result.json() : JSON.stringify(result);
