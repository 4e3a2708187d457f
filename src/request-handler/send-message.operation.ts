import { Injectable } from '@nestjs/common';
import { RunLauncher } from '../execution/runs/run.launcher.js';
import type { SendMessageRequest, SendMessageResponse, Task } from '../protocol/model/index.js';
import type { CallContext } from '../security/call-context.js';
import { projectTask } from '../tasks/project-task.js';
import { type Intake, MessageReceiver } from './message.receiver.js';
import type { OperationOptions } from './request-handler.interface.js';
import { TurnWaiter } from './turn.waiter.js';
import { withDeadline } from './with-deadline.js';

/** SendMessage. Spec 3.1.1, 3.2.2. */
@Injectable()
export class SendMessageOperation {
  constructor(
    private readonly intake: MessageReceiver,
    private readonly waiter: TurnWaiter,
    private readonly launcher: RunLauncher,
  ) {}

  /**
   * Waits for a terminal or interrupted state unless `returnImmediately` is set. It waits at most as long as a turn may take, then answers
   * with the task as it is. The signal (the client left) ends the wait, not the task.
   */
  async execute(
    request: SendMessageRequest,
    caller: CallContext,
    options: OperationOptions,
  ): Promise<SendMessageResponse> {
    const intake = await this.intake.accept(request, caller);
    options.observer?.accepted(intake.kind === 'message' ? undefined : intake.taskId);
    if (intake.kind === 'message') return { message: intake.message };
    const { historyLength, returnImmediately } = request.configuration ?? {};
    const task = returnImmediately
      ? await this.#now(intake, caller)
      : ((await this.#ofRun(intake, caller, options)) ?? (await this.#answer(intake, caller, options)));
    return { task: projectTask(task, { historyLength, includeArtifacts: true }) };
  }

  async #now(intake: Exclude<Intake, { kind: 'message' }>, caller: CallContext): Promise<Task> {
    return intake.kind === 'started' || intake.kind === 'waiting'
      ? intake.task
      : this.waiter.task(caller, intake.taskId);
  }

  /** The answer of a task that was started here. undefined: the wait must go on, or the client has left. */
  #ofRun(
    intake: Exclude<Intake, { kind: 'message' }>,
    caller: CallContext,
    options: OperationOptions,
  ): Promise<Task | undefined> | undefined {
    if (intake.kind !== 'started' || (options.left ?? options.signal?.aborted)) return undefined;
    return this.waiter.results(caller, intake.taskId).ofRun(intake.run);
  }

  #answer(intake: Exclude<Intake, { kind: 'message' }>, caller: CallContext, options: OperationOptions): Promise<Task> {
    const { taskId } = intake;
    return withDeadline(this.launcher.options.deadlineMs, options.signal, async (signal) => {
      const start = intake.kind === 'queued' ? await this.waiter.turnStart(caller, intake, signal) : undefined;
      return this.waiter.answer(caller, taskId, start, signal);
    });
  }
}
