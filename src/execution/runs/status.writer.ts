import { Injectable } from '@nestjs/common';
import type { TaskStatus } from '../../protocol/model/index.js';
import { pendingEvent } from '../../tasks/pending-event.js';
import type { ClaimedRun } from '../../tasks/run-store.interface.js';
import { RunLauncher } from './run.launcher.js';
import { type TurnOutcome, statusFromOutcome } from './turn-outcome.js';
import { statusNow } from '../../tasks/status-clock.js';

type Written = Pick<ClaimedRun, 'run' | 'lastSeq' | 'bytes'>;

/** Writes the state of claimed tasks that no agent works on, in the server's name, and notifies their readers. */
@Injectable()
export class StatusWriter {
  constructor(private readonly launcher: RunLauncher) {}

  /** The run after the write. undefined: the task has ended or another process owns it. */
  async write<C extends Written>(
    claimed: C,
    status: Omit<TaskStatus, 'timestamp'>,
  ): Promise<(C & Pick<ClaimedRun, 'state'>) | undefined> {
    const { store, publisher } = this.launcher.ports;
    const { run, bytes } = claimed;
    const { taskId, contextId } = run;
    const lastSeq = claimed.lastSeq + 1;
    const timed = { ...status, timestamp: statusNow() };
    const event = pendingEvent({ statusUpdate: { taskId, contextId, status: timed } });
    const result = await store.append({ run, firstSeq: lastSeq, events: [event] });
    if (!result.ok) return undefined;
    publisher.publish(run, result.events);
    return { ...claimed, state: status.state, lastSeq, bytes: bytes + event.bytes };
  }

  /** False: the task has ended or another process owns it. */
  async end(claimed: Written, ending: TurnOutcome): Promise<boolean> {
    return (await this.write(claimed, statusFromOutcome(ending, claimed.run))) !== undefined;
  }
}
