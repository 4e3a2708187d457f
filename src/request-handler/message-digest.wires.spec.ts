import { describe, expect, it } from '@jest/globals';
import type { JsonCodec } from '../protocol/codec.interface.js';
import { V03, V10 } from '../protocol/protobuf/index.js';
import { v03ProtoCodec } from '../protocol/v0-3-proto/index.js';
import { v03Codec } from '../protocol/v0-3/index.js';
import { v10Codec } from '../protocol/v1-0/index.js';
import { messageDigest } from './message-digest.js';
import { validateRequest } from '../protocol/validation/index.js';

const digestOf = (codec: JsonCodec, message: object): string =>
  messageDigest(validateRequest('SendMessage', codec.decode('SendMessage', { message })).message);

const IDS = { messageId: 'm', contextId: 'c', taskId: 't' };
const METADATA = { a: { empty: {}, list: [], text: '' } };
const DATA = { n: 1.5, nothing: null, list: [true] };

/** One message, as short as possible. */
const v10 = {
  ...{ ...IDS, role: 'ROLE_USER', metadata: METADATA },
  parts: [
    { text: 'hi' },
    { raw: 'aGk/', filename: 'a.bin', mediaType: 'x/y' },
    { url: 'https://a.example/b' },
    { data: DATA },
  ],
};
const v10Spelled = {
  ...{ ...v10, extensions: [], referenceTaskIds: [] },
  parts: v10.parts.map((part) => ({ filename: '', mediaType: '', metadata: {}, ...part })),
};
const v03 = {
  ...{ kind: 'message', ...IDS, role: 'user', metadata: METADATA },
  parts: [
    { kind: 'text', text: 'hi' },
    { kind: 'file', file: { bytes: 'aGk/', name: 'a.bin', mimeType: 'x/y' } },
    { kind: 'file', file: { uri: 'https://a.example/b' } },
    { kind: 'data', data: DATA },
  ],
};
const v03Spelled = {
  ...{ ...v03, extensions: [], referenceTaskIds: [] },
  parts: [
    { kind: 'text', text: 'hi', metadata: {} },
    { kind: 'file', file: { bytes: 'aGk_', name: 'a.bin', mimeType: 'x/y' }, metadata: {} },
    { kind: 'file', file: { uri: 'https://a.example/b', name: '', mimeType: '' }, metadata: {} },
    { kind: 'data', data: DATA, metadata: {} },
  ],
};
const v03Proto = {
  ...{ ...IDS, role: 'ROLE_USER', metadata: METADATA },
  content: [
    { text: 'hi' },
    { file: { fileWithBytes: 'aGk/', name: 'a.bin', mimeType: 'x/y' } },
    { file: { fileWithUri: 'https://a.example/b' } },
    { data: { data: DATA } },
  ],
};
const v03ProtoSpelled = {
  ...{ ...v03Proto, extensions: [] },
  content: v03Proto.content.map((part) => ({ ...part, metadata: {} })),
};
const overGrpc = (type: typeof V10.SendMessageRequest, member: string, message: object): object =>
  (type.decode(type.encode({ [member]: message })) as Record<string, object>)[member]!;

describe('messageDigest of one message', () => {
  it.each<[string, JsonCodec, object]>([
    ['v1.0', v10Codec, v10Spelled],
    ['v1.0 over gRPC', v10Codec, overGrpc(V10.SendMessageRequest, 'message', v10)],
    ['v1.0 over gRPC, with its defaults', v10Codec, overGrpc(V10.SendMessageRequest, 'message', v10Spelled)],
    ['v0.3', v03Codec, v03],
    ['v0.3, with its defaults', v03Codec, v03Spelled],
    ['v0.3 over HTTP+JSON', v03ProtoCodec, v03Proto],
    ['v0.3 over HTTP+JSON, with its defaults', v03ProtoCodec, v03ProtoSpelled],
    ['v0.3 over gRPC', v03ProtoCodec, overGrpc(V03.SendMessageRequest, 'message', v03Proto)],
  ])('is the same in %s', (_, codec, message) => {
    expect(digestOf(codec, message)).toBe(digestOf(v10Codec, v10));
  });
});
