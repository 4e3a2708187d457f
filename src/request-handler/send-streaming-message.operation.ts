import { Injectable } from '@nestjs/common';
import { invalidParams, unsupportedOperation } from '../protocol/errors/index.js';
import type { SendMessageRequest, TaskState } from '../protocol/model/index.js';
import type { CallContext } from '../security/call-context.js';
import { projectTask } from '../tasks/project-task.js';
import { taskAsOf } from '../tasks/task-as-of.js';
import { TaskDocument } from '../tasks/task-document.js';
import { PulledIterator } from '../events/pulled.iterator.js';
import type { CursorItem } from '../events/task-cursor.interface.js';
import { RunLauncher } from '../execution/runs/run.launcher.js';
import { parseLastEventId } from './last-event-id.js';
import { messageDigest } from './message-digest.js';
import { type Intake, MessageReceiver } from './message.receiver.js';
import type { ItemStream, StreamItem, OperationOptions } from './request-handler.interface.js';
import { assertRequiredExtensions } from './agent-requirements.js';
import { StreamOpener } from './stream.opener.js';
import { TurnWaiter } from './turn.waiter.js';

/** When the stream of a message ends, besides terminal states. It stays open at AUTH_REQUIRED, since the run may continue by itself. Spec 3.1.2, 7.6.1. */
export const endsMessageStream = (state: TaskState): boolean => state === 'TASK_STATE_INPUT_REQUIRED';

/** SendStreamingMessage. Spec 3.1.2. */
@Injectable()
export class SendStreamingMessageOperation {
  constructor(
    private readonly intake: MessageReceiver,
    private readonly waiter: TurnWaiter,
    private readonly streams: StreamOpener,
    private readonly launcher: RunLauncher,
  ) {}

  /**
   * With `lastEventId` it starts nothing: it resumes the caller's task of that messageId, or throws INVALID_PARAMS. A message that waits
   * behind a run gets its stream when its turn starts. A repeated message is answered as the first one was: from the first event of the
   * task that it created, or from the beginning of its turn.
   */
  async execute(request: SendMessageRequest, caller: CallContext, options: OperationOptions): Promise<ItemStream> {
    const { streaming, extensions } = this.intake.agent(caller).options;
    if (!streaming)
      throw unsupportedOperation('This operation is not supported: the agent does not stream. Use SendMessage.');
    assertRequiredExtensions(extensions, caller.requestedExtensions);
    const intake =
      options.lastEventId === undefined
        ? await this.intake.accept(request, caller)
        : await this.#known(request, caller);
    options.observer?.accepted(intake.kind === 'message' ? undefined : intake.taskId);
    if (intake.kind === 'message') return single({ type: 'message', message: intake.message, final: true });
    const { taskId } = intake;
    const { historyLength } = request.configuration ?? {};
    const show =
      historyLength === undefined ? undefined : (item: CursorItem): CursorItem => withHistory(item, historyLength);
    const reader = { context: caller, taskId, historyLength, endsAt: endsMessageStream, signal: options.signal };
    if (intake.kind !== 'queued')
      return this.streams.open({ afterSeq: parseLastEventId(options.lastEventId) ?? 0, ...reader }, show);
    const start = await this.waiter.turnStart(caller, intake, options.signal);
    if (!intake.again || start === undefined) return this.streams.open(reader, show);
    const task = await taskAsOf(this.launcher.ports.store, caller, taskId, start);
    if (!task) return this.streams.open(reader, show);
    const shown = historyLength === undefined ? task : projectTask(task, { historyLength, includeArtifacts: true });
    return this.streams.openAsOf(shown, start, reader, show);
  }

  async #known({ message }: SendMessageRequest, caller: CallContext): Promise<Extract<Intake, { kind: 'known' }>> {
    const key = this.launcher.messageKey(message, messageDigest(message), caller);
    const sent = await this.launcher.ports.store.byMessageId(caller, key);
    if (sent) return { kind: 'known', taskId: sent.taskId };
    throw invalidParams([
      { field: 'message.messageId', description: 'was not sent before; leave Last-Event-ID out to start a stream' },
    ]);
  }
}

function single(item: StreamItem): ItemStream {
  let batch: StreamItem[] | undefined = [item];
  const take = async (): Promise<StreamItem[] | undefined> => {
    const taken = batch;
    batch = undefined;
    return taken;
  };
  return new PulledIterator(take, take);
}

/** Cuts the history of the event that created the task to the requested length. A snapshot was already read with that length. */
function withHistory(item: CursorItem, historyLength: number): CursorItem {
  if (item.type === 'snapshot' || item.event.kind !== 'task' || !('task' in item.event.event)) return item;
  const document = TaskDocument.of(projectTask(item.event.event.task, { historyLength, includeArtifacts: true }));
  return { type: 'snapshot', document, seq: item.seq, final: item.final };
}
