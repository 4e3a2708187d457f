import { V10 } from '../../protocol/protobuf/index.js';
import { v10Codec } from '../../protocol/v1-0/index.js';
import type { PageForm } from '../../tasks/list-page.js';

/** What clients of gRPC take unless they are told otherwise: 4 MiB. */
const TAKEN_BYTES = 4 * 1024 * 1024;
/** What is around the tasks of a page: the token of the next one, and numbers. */
const AROUND_BYTES = 16 * 1024;
/** What has either within, each with its tag and length, as a page and a task have it. */
const { SendMessageResponse: Within } = V10;

/**
 * Pages that ordinary clients take. Bytes of JSON do not tell: a number in a `data` part or in metadata takes two bytes there, and
 * eleven in protobuf.
 */
export const GRPC_PAGES: PageForm = {
  maxBytes: TAKEN_BYTES - AROUND_BYTES,
  task: (task) => Within.encode(v10Codec.encode.SendMessageResponse({ task })).length,
  message: (message) => Within.encode(v10Codec.encode.SendMessageResponse({ message })).length,
};
