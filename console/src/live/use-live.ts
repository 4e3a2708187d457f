import { useEffect, useRef, useState } from 'react';
import { openStream, type Params } from '../api/client.js';
import { readEvents } from './read-events.js';

const PAUSES_MS = [500, 1_000, 2_000, 5_000, 10_000];

/**
 * Keeps a stream of the admin API open while the component is shown, and hands over its frames at most each `everyMs`. Reconnects with
 * growing pauses. True while it is connected.
 */
export function useLive<Frame>(
  path: string | undefined,
  params: () => Params,
  take: (frames: readonly Frame[]) => void,
  everyMs = 250,
): boolean {
  const [connected, setConnected] = useState(false);
  const latest = useRef({ params, take });
  latest.current = { params, take };

  useEffect(() => {
    if (path === undefined) return;
    const control = new AbortController();
    let waiting: Frame[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = (): void => {
      timer = undefined;
      const frames = waiting;
      waiting = [];
      if (!control.signal.aborted && frames.length > 0) latest.current.take(frames);
    };
    const follow = async (): Promise<void> => {
      for (let attempt = 0; !control.signal.aborted; attempt++) {
        try {
          const response = await openStream(path, latest.current.params(), control.signal);
          if (response.status === 204) return;
          setConnected(true);
          for await (const { data } of readEvents(response)) {
            attempt = 0;
            waiting.push(JSON.parse(data) as Frame);
            timer ??= setTimeout(flush, everyMs);
          }
        } catch {
          // Tried again below: the lists are polled as well, and say what is wrong.
        }
        if (control.signal.aborted) return;
        setConnected(false);
        await new Promise((resolve) => setTimeout(resolve, PAUSES_MS[Math.min(attempt, PAUSES_MS.length - 1)]));
      }
    };
    void follow();
    return () => {
      control.abort();
      clearTimeout(timer);
      setConnected(false);
    };
  }, [path, everyMs]);

  return connected;
}
