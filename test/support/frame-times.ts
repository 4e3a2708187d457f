import type { Page } from 'playwright-core';

/** What a page drew while something went on. */
export interface Drawn {
  /** Time from one frame to the next, in ms. */
  readonly frames: readonly number[];
  /** Tasks of the page's thread that took more than 50 ms. */
  readonly longTasks: number;
  /** The most rows of a list, and nodes of the page, that there were at a time. */
  readonly rows: number;
  readonly nodes: number;
}

/** Begins in the page; `drawn()` ends it and answers a Drawn. */
const WATCH = `(() => {
  const seen = { frames: [], longTasks: 0, rows: 0, nodes: 0 };
  const observer = new PerformanceObserver((list) => { seen.longTasks += list.getEntries().length; });
  observer.observe({ type: 'longtask' });
  let last = performance.now();
  let ended = false;
  const frame = (now) => {
    if (ended) return;
    seen.frames.push(now - last);
    last = now;
    seen.rows = Math.max(seen.rows, document.querySelectorAll('[role=option]').length);
    seen.nodes = Math.max(seen.nodes, document.querySelectorAll('*').length);
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  window.drawn = () => { ended = true; observer.disconnect(); return seen; };
})()`;

export async function drawnWhile(page: Page, act: () => Promise<unknown>): Promise<Drawn> {
  await page.evaluate(WATCH);
  await act();
  return page.evaluate<Drawn>('window.drawn()');
}

/** Scrolls the list of events by 120 px a frame, over 90 frames, from each of these parts of its height on. */
export const scrollThrough = (page: Page, parts: readonly number[] = [0, 0.4, 0.8]): Promise<void> =>
  page.evaluate(`(async () => {
    const list = document.querySelector('[role=listbox]');
    for (const part of ${JSON.stringify(parts)}) {
      list.scrollTop = part * list.scrollHeight;
      for (let n = 0; n < 90; n++) {
        await new Promise(requestAnimationFrame);
        list.scrollTop += 120;
      }
    }
  })()`);

/** 'p50 17 ms, p95 33 ms, max 80 ms of 270 frames, 2 long tasks, at most 36 rows' */
export function figuresOf({ frames, longTasks, rows }: Drawn): string {
  const sorted = [...frames].sort((a, b) => a - b);
  const at = (part: number): string => `${(sorted[Math.floor((sorted.length - 1) * part)] ?? 0).toFixed(0)} ms`;
  const times = `p50 ${at(0.5)}, p95 ${at(0.95)}, max ${at(1)} of ${frames.length} frames`;
  return `${times}, ${longTasks} long tasks, at most ${rows} rows`;
}
