/** How a field is laid out: 0 varint, 1 eight bytes, 2 with its length in front, 5 four bytes. Groups (3, 4) are of proto2. */
export type WireType = 0 | 1 | 2 | 3 | 4 | 5;

/** Bytes that are not a message of the expected type. `message` is for clients. */
export class ProtobufError extends Error {
  override readonly name = 'ProtobufError';
}

/** Levels of messages. A level of a JSON object is three of them; how deep JSON may go is for validation to say. */
export const MAX_DEPTH = 256;
