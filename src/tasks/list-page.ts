import type { ListTasksRequest, Task } from '../protocol/model/index.js';
import { type CountedForm, jsonBytes, newestThatFit } from './newest-that-fit.js';
import { projectTask, type TaskProjection } from './project-task.js';
import type { TaskRecord } from './task-record.js';

/** Default limit of a list page, in bytes of tasks. */
export const DEFAULT_PAGE_BYTES = 4 * 1024 * 1024;

/** How large a page of a list may be. */
export interface ListLimits {
  /** The page ends before the task that would take its content over this limit; it always has at least one task. Default 4 MiB. */
  readonly maxBytes?: number;
  /** A second encoding in which the page must stay below the same limit. Absent: only JSON counts. */
  readonly form?: CountedForm;
  /** Called once, before content is read, with the most bytes of it that are in memory at a time. Rejects when there is no capacity. */
  admit?(bytes: number): Promise<void>;
}

/** The encoding that limits a page whose answer is not JSON. */
export interface PageForm extends CountedForm {
  /** The most bytes of a page in this encoding. The limit for all pages applies as well. */
  readonly maxBytes: number;
}

/** Which parts of the tasks a page needs. */
export interface ContentWanted {
  readonly artifacts: boolean;
  readonly history: boolean;
}

/** Reads the content of tasks from a storage. */
export interface PageSource {
  /**
   * An upper bound for what reading each of these tasks returns, in bytes of JSON. Absent, or undefined for a task: the bytes of
   * its events.
   */
  measure?(heads: readonly TaskRecord[], wanted: ContentWanted): Promise<readonly (number | undefined)[]>;
  /** The tasks as of these records, with the wanted parts and possibly more. undefined: the task was deleted since. */
  read(heads: readonly TaskRecord[], wanted: ContentWanted): Promise<readonly (Task | undefined)[]>;
}

/** Tasks of a list, as far as they fit. */
export interface ListPage {
  readonly tasks: readonly Task[];
  /** How many of the records are on the page or were deleted; the next page starts after them. */
  readonly taken: number;
}

/**
 * The tasks of a page, up to its limit in bytes. It reads sizes before content, so it never reads content for which there is no
 * capacity. A task that is larger than a page gets a page of its own: with its artifacts if they are requested, and with the
 * newest messages of its history that fit.
 */
export async function readPage(
  heads: readonly TaskRecord[],
  query: Pick<ListTasksRequest, 'historyLength' | 'includeArtifacts'>,
  source: PageSource,
  { maxBytes = DEFAULT_PAGE_BYTES, form, admit }: ListLimits = {},
): Promise<ListPage> {
  const projection = { historyLength: query.historyLength, includeArtifacts: query.includeArtifacts ?? false };
  const wanted = { artifacts: projection.includeArtifacts, history: query.historyLength !== 0 };
  const sizes = await measured(heads, wanted, source, maxBytes);
  // Without their history tasks may be much smaller, so more of them fit than their sizes suggest.
  const exact = wanted.history;
  await admit?.(mostAtATime(sizes, maxBytes, exact));
  const page = new Page(maxBytes, projection, form);
  let taken = 0;
  while (taken < heads.length) {
    const count = fitting(sizes, taken, page.room, exact && taken > 0 ? 0 : 1);
    if (count === 0) break;
    const group = heads.slice(taken, taken + count);
    const read = await source.read(group, wanted);
    const added = page.add(read, sizes.slice(taken, taken + count));
    taken += added;
    if (added < count || page.room <= 0) break;
  }
  return { tasks: page.tasks, taken };
}

class Page {
  readonly tasks: Task[] = [];
  room: number;

  constructor(
    private readonly maxBytes: number,
    private readonly projection: TaskProjection,
    private readonly form?: CountedForm,
  ) {
    this.room = maxBytes;
  }

  /** Adds tasks in their order and returns how many were added. */
  add(read: readonly (Task | undefined)[], sizes: readonly number[]): number {
    for (const [index, task] of read.entries()) {
      if (!task) continue;
      const shown = projectTask(task, this.projection);
      const size = sizes[index] ?? 0;
      const inForm = this.form?.task(shown) ?? 0;
      const bytes = Math.max(this.projection.historyLength === 0 ? jsonBytes(shown) : size, inForm);
      if (bytes > this.room && this.tasks.length > 0) return index;
      const tooLarge = Math.max(size, inForm) > this.maxBytes;
      this.tasks.push(tooLarge ? newestThatFit(shown, this.maxBytes, this.form) : shown);
      this.room -= bytes;
    }
    return read.length;
  }
}

async function measured(
  heads: readonly TaskRecord[],
  wanted: ContentWanted,
  source: PageSource,
  maxBytes: number,
): Promise<readonly number[]> {
  const all = heads.map(({ bytes }) => bytes);
  if (!source.measure || all.reduce((sum, bytes) => sum + bytes, 0) <= maxBytes) return all;
  const found = await source.measure(heads, wanted);
  return all.map((bytes, index) => Math.min(found[index] ?? bytes, bytes));
}

/** How many tasks fit together, counted from `from`; at least `least`. */
function fitting(sizes: readonly number[], from: number, room: number, least: number): number {
  let [count, bytes] = [0, 0];
  for (const size of sizes.slice(from)) {
    bytes += size;
    if (bytes > room && count >= least) break;
    count++;
  }
  return count;
}

function mostAtATime(sizes: readonly number[], maxBytes: number, exact: boolean): number {
  const all = sizes.reduce((sum, size) => sum + size, 0);
  const largest = exact ? (sizes[0] ?? 0) : sizes.reduce((most, size) => Math.max(most, size), 0);
  return Math.max(Math.min(all, maxBytes), largest);
}
