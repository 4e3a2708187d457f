import { GoneException, Injectable, NotFoundException, PayloadTooLargeException } from '@nestjs/common';
import { systemContextOf } from '../../execution/system-context.js';
import { invalidParams, printable, unavailable } from '../../protocol/errors/index.js';
import { isTerminal } from '../../protocol/state/task-state.js';
import { v03Codec } from '../../protocol/v0-3/index.js';
import { v10Codec } from '../../protocol/v1-0/index.js';
import { endsMessageStream } from '../../request-handler/send-streaming-message.operation.js';
import type { AdminTask, AdminTaskRow } from '../../tasks/admin/admin-rows.js';
import type { AdminEvent } from '../../tasks/admin/admin-store.interface.js';
import { isTaskId } from '../../tasks/row-ids.js';
import { taskAsOf } from '../../tasks/task-as-of.js';
import { TaskDocument } from '../../tasks/task-document.js';
import type { AdminFrames } from '../admin-api.types.js';
import { AdminParts } from '../admin-parts.js';
import { eventRow } from './admin-event.json.js';

/** Events of a page. */
const EVENTS = 256;

/** What operators read of one task. Throws NotFoundException for a task, and GoneException for an event, that is not there. */
@Injectable()
export class TaskContents {
  constructor(private readonly parts: AdminParts) {}

  async row(id: string): Promise<AdminTask> {
    const row = isTaskId(id) ? await this.parts.store.task(id) : undefined;
    if (row === undefined) throw new NotFoundException(`There is no task ${printable(id)}.`);
    return row;
  }

  /** The v1.0 Task as JSON text, as of now or of an event. */
  async document(id: string, asOf?: number): Promise<string> {
    const row = await this.row(id);
    if (asOf !== undefined && asOf > row.lastSeq) {
      throw invalidParams([
        { field: 'asOf', description: `is after the last event of the task, which is ${row.lastSeq}` },
      ]);
    }
    const past = asOf !== undefined && asOf < row.lastSeq;
    const document = past ? await this.#past(row, asOf) : await this.#present(row);
    const { maxPageBytes } = this.parts.limits.options;
    const { length } = document.bare;
    if (length > maxPageBytes) {
      throw new PayloadTooLargeException(
        `The task has ${length} bytes, more than ${maxPageBytes}: read its events instead.`,
      );
    }
    return document.bare.toString();
  }

  /** Events after `after`, and whether more follow. */
  async events(id: string, after = 0, limit = EVENTS): Promise<{ events: readonly AdminEvent[]; more: boolean }> {
    const row = await this.readableFrom(id, after);
    const events = (await this.parts.store.events(id, after, { limit })) ?? [];
    return { events, more: (events.at(-1)?.seq ?? row.lastSeq) < row.lastSeq };
  }

  /** The task, if the events after `after` are in its log. */
  async readableFrom(id: string, after: number): Promise<AdminTaskRow> {
    const row = await this.row(id);
    if (after > row.lastSeq) {
      throw invalidParams([
        { field: 'after', description: `is after the last event of the task, which is ${row.lastSeq}` },
      ]);
    }
    if (after < row.trimmedSeq && after < row.lastSeq) throw trimmed(row);
    return row;
  }

  /** One event in both versions of the protocol. */
  async frames(id: string, seq: number): Promise<AdminFrames> {
    const row = await this.row(id);
    if (seq < 1 || seq > row.lastSeq)
      throw new NotFoundException(`The task has no event ${seq}: its last is ${row.lastSeq}.`);
    if (seq <= row.trimmedSeq) throw trimmed(row);
    const [found] = (await this.parts.store.events(id, seq - 1, { limit: 1 })) ?? [];
    if (found?.seq !== seq) throw trimmed(row);
    const { event, state } = found.event;
    const final = state !== undefined && (isTerminal(state) || endsMessageStream(state));
    return {
      ...eventRow(found),
      frames: {
        '1.0': v10Codec.encode.StreamResponse(event, final),
        '0.3': v03Codec.encode.StreamResponse(event, final),
      },
    };
  }

  async #present(row: AdminTaskRow): Promise<TaskDocument> {
    const found = await this.parts.documents.get(systemContextOf(row), row.id);
    if (found === undefined) throw new NotFoundException(`There is no task ${row.id}.`);
    return found.document;
  }

  async #past(row: AdminTaskRow, seq: number): Promise<TaskDocument> {
    if (row.trimmedSeq > 0) throw trimmed(row);
    const release = await this.parts.gate.admit(`operator of ${row.owner}`, row.bytes);
    try {
      const task = await taskAsOf(this.parts.tasks, systemContextOf(row), row.id, seq);
      if (task === undefined) throw unavailable('The log of the task changed while it was read. Try again.');
      return await TaskDocument.serialized(task);
    } finally {
      release();
    }
  }
}

const trimmed = ({ trimmedSeq }: AdminTaskRow): GoneException =>
  new GoneException(
    `Events up to ${trimmedSeq} are no longer in the log. The document of the task has what they said.`,
  );
