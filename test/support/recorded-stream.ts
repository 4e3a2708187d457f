import { setTimeout as sleep } from 'node:timers/promises';
import type { StreamResponse } from '../../src/protocol/model/index.js';
import type { RpcAnswer, RpcClient } from './rpc.client.js';

/** One event of a stream, with the bytes it came in. */
export interface RecordedFrame {
  /** Absent: an error, which has no id. */
  readonly seq?: number;
  readonly raw: string;
  readonly answer: RpcAnswer<StreamResponse>;
}

export interface RecordOptions {
  readonly lastEventId?: number;
  /** Called with each frame; true ends the recording. */
  readonly until?: (frame: RecordedFrame) => boolean;
  /** Nothing for this long, not even a keep-alive comment, is an error. Default 60 s. */
  readonly silenceMs?: number;
}

/** `ended`: by the server, in order. `left`: by us. `cut`: the connection broke. `refused`: an error instead of a stream. */
export type Outcome = 'ended' | 'left' | 'cut' | 'refused';

const RETRY_MS = 100;
const BROKEN = new Set(['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE']);
const KEEP_ALIVE = /^(?::[^\n]*\n\n)+/;

/** What came over one connection: every byte of it but for keep-alive comments. */
export class RecordedStream {
  readonly frames: RecordedFrame[] = [];
  /** The beginning of a frame whose end did not arrive before the connection broke. */
  rest = '';
  outcome: Outcome = 'cut';
  refusal?: RpcAnswer;

  /** Reads one stream to its end; never rejects but for silence and for what is no event stream. */
  static async of(
    client: RpcClient,
    method: string,
    params: unknown,
    options: RecordOptions = {},
  ): Promise<RecordedStream> {
    const { lastEventId } = options;
    const headers: Record<string, string> = { connection: 'close' };
    if (lastEventId !== undefined) headers['Last-Event-ID'] = String(lastEventId);
    const recorded = new RecordedStream();
    const stream = await client.stream(method, params, headers).catch(() => undefined);
    if (!stream) return recorded;
    const { response } = stream;
    let silent = false;
    const { silenceMs = 60_000 } = options;
    const timer = setTimeout(() => {
      silent = true;
      stream.close();
    }, silenceMs);
    const isStream = response.headers['content-type']?.startsWith('text/event-stream');
    // Nothing more to show.
    const isOver = response.statusCode === 204;
    try {
      response.setEncoding('utf8');
      for await (const chunk of response as AsyncIterable<string>) {
        timer.refresh();
        recorded.rest += chunk;
        if (isStream && recorded.#takeFrames(options.until)) break;
      }
      if (recorded.outcome === 'cut') recorded.outcome = 'ended';
    } catch (error) {
      if (!BROKEN.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    } finally {
      clearTimeout(timer);
    }
    if (silent) throw new Error(`${method}: nothing for ${silenceMs} ms after ${recorded.frames.length} frames.`);
    if (!isStream && !isOver && recorded.outcome === 'ended') recorded.#refused();
    return recorded;
  }

  /** As clients do: again after a refusal that says so. A busy machine may make a server say so at any time. */
  static async patiently(...call: Parameters<typeof RecordedStream.of>): Promise<RecordedStream> {
    for (;;) {
      const recorded = await RecordedStream.of(...call);
      if (!/again/.test(recorded.refusal?.error?.message ?? '')) return recorded;
      await sleep(RETRY_MS);
    }
  }

  #takeFrames(until: RecordOptions['until']): boolean {
    for (;;) {
      this.rest = this.rest.replace(KEEP_ALIVE, '');
      const end = this.rest.indexOf('\n\n');
      if (end < 0) return false;
      const raw = this.rest.slice(0, end + 2);
      this.rest = this.rest.slice(end + 2);
      const frame = parse(raw);
      this.frames.push(frame);
      if (!until?.(frame)) continue;
      this.outcome = 'left';
      this.rest = '';
      return true;
    }
  }

  #refused(): void {
    this.outcome = 'refused';
    this.refusal = JSON.parse(this.rest) as RpcAnswer;
    this.rest = '';
  }
}

function parse(raw: string): RecordedFrame {
  const [, id, data] = /^(?:id: (\d+)\n)?data: ([^\n]*)\n\n$/.exec(raw) ?? [];
  if (data === undefined) throw new Error(`Not a frame of ours: ${raw.slice(0, 200)}`);
  return { seq: id === undefined ? undefined : Number(id), raw, answer: JSON.parse(data) as RpcAnswer<StreamResponse> };
}
