import { Inject, Injectable } from '@nestjs/common';
import { PulledIterator } from '../events/pulled.iterator.js';
import {
  type CursorItem,
  type CursorOptions,
  TASK_CURSORS,
  type TaskCursors,
} from '../events/task-cursor.interface.js';
import { DrainService } from '../execution/drain.service.js';
import type { ItemStream } from './request-handler.interface.js';

/** Opens streams of tasks: the first batch is there when it resolves. A shutdown ends them, as it ends all readers. */
@Injectable()
export class StreamOpener {
  constructor(
    @Inject(TASK_CURSORS) private readonly cursors: TaskCursors,
    private readonly drain: DrainService,
  ) {}

  /**
   * An `afterSeq` of NaN is as if absent. `show` makes of each item what the client is to see. Throws what the cursor throws
   * before its first batch, UNAVAILABLE after a shutdown.
   */
  async open(options: CursorOptions, show?: (item: CursorItem) => CursorItem): Promise<ItemStream> {
    this.drain.assertNotClosed();
    const afterSeq = Number.isNaN(options.afterSeq) ? undefined : options.afterSeq;
    const cursor = this.cursors.open({ ...options, afterSeq });
    return startedWith(batchOf(await cursor.next()), cursor, show);
  }
}

const batchOf = (result: IteratorResult<CursorItem[], void>): CursorItem[] | undefined =>
  result.done ? undefined : result.value;

function startedWith(
  first: CursorItem[] | undefined,
  rest: AsyncGenerator<CursorItem[], void, void>,
  show?: (item: CursorItem) => CursorItem,
): ItemStream {
  const pull = async (): Promise<CursorItem[] | undefined> => {
    const batch = first ?? batchOf(await rest.next());
    first = undefined;
    return show ? batch?.map(show) : batch;
  };
  const stop = (): Promise<unknown> => {
    first = undefined;
    return rest.return();
  };
  return new PulledIterator(pull, stop);
}
