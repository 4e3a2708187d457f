import type { ServerHttp2Stream } from 'node:http2';

/** As far as it is used here; absent in a library that keeps it elsewhere. */
interface CallOnStream {
  readonly stream?: ServerHttp2Stream;
}

/** Bytes of a connection that count as a sign of life: its pings are fewer. */
const LIFE_BYTES = 4096;

/** The stream of HTTP/2 below a call. The library does not show it, and has no other way to see a message arrive or leave. */
export const streamOf = (call: object): ServerHttp2Stream | undefined => (call as CallOnStream).stream;

/** A number that changes when the connection takes bytes of answers. */
export function takenByConnection(stream: ServerHttp2Stream | undefined): number {
  const socket = stream?.session?.destroyed === false ? stream.session.socket : undefined;
  return Math.floor((socket?.bytesWritten ?? 0) / LIFE_BYTES);
}

/** Ends the stream without waiting for its client. */
export function cut(stream: ServerHttp2Stream | undefined, code: number): void {
  if (stream !== undefined && !stream.closed) stream.close(code);
}
