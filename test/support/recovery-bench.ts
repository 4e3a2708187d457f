import type { A2aAgentOptions } from '../../src/agents/agent-options.js';
import type { ExecutionOptions } from '../../src/execution/execution.options.js';
import type { RequestContext } from '../../src/agents/request-context.js';
import type { TaskState } from '../../src/protocol/model/index.js';
import type { PutResult } from '../../src/tasks/inbox-store.interface.js';
import type { TaskRecord } from '../../src/tasks/task-record.js';
import { begin, incoming, replica, type TaskFields, type Writer } from '../../src/testing/contracts/fixtures.js';
import { type Execute, RunBench } from './run-bench.js';

export interface End {
  readonly state: TaskState;
  readonly reason: unknown;
}

export const FAILED = (reason: string): End => ({ state: 'TASK_STATE_FAILED', reason });
export const COMPLETED: End = { state: 'TASK_STATE_COMPLETED', reason: undefined };

/** A process that looks for tasks that were left, and tasks that others have left. */
export class RecoveryBench extends RunBench {
  /** The calls of the agent of the tasks. */
  readonly executed: RequestContext[] = [];

  static async open(options: Partial<ExecutionOptions> = {}): Promise<RecoveryBench> {
    const bench = new RecoveryBench(options);
    await bench.ready;
    bench.serve();
    return bench;
  }

  /** What the agent of the tasks does. */
  serve(options: Partial<A2aAgentOptions> = {}, execute: Execute = () => Promise.resolve()): void {
    const agent = this.agent(async (context, updater) => {
      this.executed.push(context);
      await execute(context, updater);
    }, options);
    this.agents.set(agent.id, agent);
  }

  get lab() {
    const agent = this.agents.get('lab');
    if (!agent) throw new Error('serve() first');
    return agent;
  }

  /** One look, and all that it starts to its end. */
  async look(): Promise<void> {
    await this.recovery.look();
    await this.idle();
  }

  /** A task that a process began which is gone. */
  async orphan(fields: TaskFields = {}): Promise<Writer> {
    return begin(this.stores, this.caller, { runOwner: await replica(this.stores, 0), ...fields });
  }

  headOf({ run }: Writer): Promise<TaskRecord | undefined> {
    return this.stores.tasks.head(this.caller, run.taskId);
  }

  async endOf({ run }: Pick<Writer, 'run'>): Promise<End> {
    const { status } = await this.task(run.taskId);
    return { state: status.state, reason: status.message?.metadata?.['reason'] };
  }

  put({ run }: Writer, text: string): Promise<PutResult> {
    return this.stores.inbox.put(this.caller, run.taskId, incoming(text), text, 16);
  }
}
