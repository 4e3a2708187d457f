import type { ListTasksRequest, Task } from '../protocol/model/index.js';
import { type CountedForm, jsonBytes, newestThatFit } from './newest-that-fit.js';
import { projectTask, type TaskProjection } from './project-task.js';
import type { TaskRecord } from './task-record.js';

/** Bytes of tasks on a page of a list, unless told. */
export const DEFAULT_PAGE_BYTES = 4 * 1024 * 1024;

export interface ListLimits {
  /** The page ends before the task with which it would have more bytes of content; it has at least one. Default 4 MiB. */
  readonly maxBytes?: number;
  /** In which a page must not have more than that either. Absent: JSON is all that counts. */
  readonly form?: CountedForm;
  /** Called once, before content is read, with the bytes of it that will be in memory at a time. Rejects: there is no room. */
  admit?(bytes: number): Promise<void>;
}

/** What pages are cut for whose answers are not JSON. */
export interface PageForm extends CountedForm {
  /** The most that a page may have; the limit of all pages holds besides. */
  readonly maxBytes: number;
}

/** The parts of tasks that are read for a page. */
export interface ContentWanted {
  readonly artifacts: boolean;
  readonly history: boolean;
}

/** The content of tasks in a storage. */
export interface PageSource {
  /** The most that reading each of these tasks gives, in bytes of JSON. Absent, or undefined of a task: the bytes of its events. */
  measure?(heads: readonly TaskRecord[], wanted: ContentWanted): Promise<readonly (number | undefined)[]>;
  /** The tasks as of their heads, with what is wanted and maybe more. undefined: one that was deleted since. */
  read(heads: readonly TaskRecord[], wanted: ContentWanted): Promise<readonly (Task | undefined)[]>;
}

export interface ListPage {
  readonly tasks: readonly Task[];
  /** So many of the heads are on the page, or are no tasks any more; the next page begins behind them. */
  readonly taken: number;
}

/**
 * The tasks of a page as far as its bytes go. Sizes come first, then content: nothing is read for which there is no room. A task
 * that is too large for a page has one of its own, with its artifacts if they are asked for, and of its history the newest
 * messages that fit.
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
  // Without their history tasks may turn out to be much smaller, so that more of them fit than their sizes say.
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

  /** How many of them were added, in their order. */
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

/** How many from there on have room together; at least `least`. */
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
