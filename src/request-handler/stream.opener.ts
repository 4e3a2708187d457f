import { Inject, Injectable } from '@nestjs/common';
import { type CursorOptions, TASK_CURSORS, type TaskCursors } from '../events/task-cursor.interface.js';
import { DrainService } from '../execution/drain.service.js';
import type { ItemStream, StreamItem } from './request-handler.interface.js';

/** Opens streams of tasks: the first batch is there when it resolves. A shutdown ends them, as it ends all readers. */
@Injectable()
export class StreamOpener {
  constructor(
    @Inject(TASK_CURSORS) private readonly cursors: TaskCursors,
    private readonly drain: DrainService,
  ) {}

  /** An `afterSeq` of NaN is as if absent. Throws what the cursor throws before its first batch, UNAVAILABLE after a shutdown. */
  async open(options: CursorOptions): Promise<ItemStream> {
    this.drain.assertNotClosed();
    const afterSeq = Number.isNaN(options.afterSeq) ? undefined : options.afterSeq;
    const cursor = this.cursors.open({ ...options, afterSeq });
    return startedWith(await cursor.next(), cursor);
  }
}

async function* startedWith(
  first: IteratorResult<StreamItem[], void>,
  rest: AsyncGenerator<StreamItem[], void, void>,
): ItemStream {
  try {
    if (first.done) return;
    yield first.value;
    yield* rest;
  } finally {
    await rest.return();
  }
}
