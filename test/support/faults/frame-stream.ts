import http from 'node:http';
import type { StreamResponse } from '../../../src/protocol/model/index.js';
import type { RecordedFrame } from '../recorded-stream.js';
import { type RpcAnswer, V10 } from '../rpc.client.js';

export interface FrameStreamOptions {
  readonly lastEventId?: number;
  /** With nothing for so long, not even a keep-alive comment, the connection counts as dead. */
  readonly patienceMs: number;
  /** Called with each frame as it comes; true ends the reading. */
  readonly onFrame: (frame: RecordedFrame) => boolean;
  /** Ends the reading; counts as left. */
  readonly signal?: AbortSignal;
}

/** `ended`: by the server. `left`: by `onFrame` or `signal`. `cut`: it broke or was never there. `silent`: nothing came. */
export type StreamEnd = 'ended' | 'left' | 'cut' | 'silent' | RpcAnswer;

/** Reads one event stream, frame by frame; never rejects. An answer that is no stream is its result. */
export function readFrames(
  url: string,
  method: string,
  params: unknown,
  options: FrameStreamOptions,
): Promise<StreamEnd> {
  const { lastEventId, patienceMs, onFrame, signal } = options;
  const headers: http.OutgoingHttpHeaders = { ...V10, 'content-type': 'application/json' };
  if (lastEventId !== undefined) headers['Last-Event-ID'] = String(lastEventId);
  return new Promise((resolve) => {
    const request = http.request(url, { method: 'POST', headers, agent: false });
    const timer = setTimeout(() => settle('silent'), patienceMs);
    const leave = (): void => settle('left');
    function settle(end: StreamEnd): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', leave);
      resolve(end);
      request.destroy();
    }
    signal?.addEventListener('abort', leave);
    request.on('error', () => settle('cut'));
    request.on('response', (response) => {
      let rest = '';
      const isStream = response.headers['content-type']?.startsWith('text/event-stream') ?? false;
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        timer.refresh();
        rest += text;
        if (!isStream) return;
        for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
          const raw = rest.slice(0, end + 2);
          rest = rest.slice(end + 2);
          if (!raw.startsWith(':') && onFrame(frameOf(raw))) return settle('left');
        }
      });
      response.on('error', () => settle('cut'));
      response.on('close', () => {
        if (!response.complete) return settle('cut');
        // 204: nothing more to show.
        settle(isStream || response.statusCode === 204 ? 'ended' : (JSON.parse(rest) as RpcAnswer));
      });
    });
    request.end(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }));
  });
}

function frameOf(raw: string): RecordedFrame {
  const [, id, data] = /^(?:id: (\d+)\n)?data: ([^\n]*)\n\n$/.exec(raw) ?? [];
  if (data === undefined) throw new Error(`Not a frame of ours: ${raw.slice(0, 200)}`);
  return { seq: id === undefined ? undefined : Number(id), raw, answer: JSON.parse(data) as RpcAnswer<StreamResponse> };
}
