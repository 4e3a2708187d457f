import { Logger } from '@nestjs/common';
import { setImmediate as nextLoop, setTimeout as sleep } from 'node:timers/promises';
import { A2aAgent } from '../../src/agents/a2a-agent.decorator.js';
import { RunAborted } from '../../src/agents/agent-executor.interface.js';
import type { RequestContext } from '../../src/agents/request-context.js';
import { TransientAgentError } from '../../src/agents/transient-agent.error.js';
import type { TaskUpdater } from '../../src/agents/task-updater.js';
import { labChunk } from './lab-chunk.js';
import { LAB_USAGE, type LabCommand, parseLabCommand } from './lab-command.js';
import { poison } from './lab-poison.js';

/** A long stream lets the event loop go round each so many chunks: accepting an event takes no turn of it by itself. */
const CHUNKS_PER_LOOP = 64;

const logger = new Logger('Lab');

const why = (reason: unknown): string => (reason instanceof RunAborted ? reason.why : String(reason));

const LAB_SKILL = {
  id: 'command',
  name: 'Run a command',
  description: LAB_USAGE,
  tags: ['benchmark', 'test'],
  examples: ['echo hello', 'stream 100 64', 'sleep 1000', 'ask'],
};

/** Does what the text of a message says, for benchmarks and fault tests: it streams, waits, asks, fails, hangs, dies. */
@A2aAgent({
  id: 'lab',
  name: 'Lab',
  description: 'Does what it is told, for benchmarks and fault tests. Not for production.',
  skills: [LAB_SKILL],
})
export class LabAgent {
  async execute(context: RequestContext, updater: TaskUpdater): Promise<void> {
    const asked = openQuestion(context);
    if (asked === 'ask') return echo(context.userText, updater);
    if (asked === 'auth') return updater.complete();
    const command = parseLabCommand(context.userText);
    if (!command) return updater.failed(LAB_USAGE);
    if (command.name === 'echo') return echo(command.text, updater);
    const { signal, taskId } = context;
    signal.addEventListener('abort', () => logger.log(`Task ${taskId} was told to stop: ${why(signal.reason)}`));
    await run(command, context, updater);
  }
}

/** The same, run again when its process was lost: a stream goes on behind what is stored of it. */
@A2aAgent({
  id: 'lab-resumable',
  name: 'Lab, resumable',
  description: 'Does what it is told, for fault tests, and is run again when its process was lost. Not for production.',
  skills: [LAB_SKILL],
  resumable: true,
})
export class ResumableLabAgent extends LabAgent {}

/**
 * What a follow-up answers. Only `ask` and `auth` leave a task open, so its first message says it; nothing is kept in the
 * instance, which other replicas do not have.
 */
function openQuestion({ turn, history }: RequestContext): string | undefined {
  const first = turn > 1 ? history.find(({ role }) => role === 'ROLE_USER') : undefined;
  const text = first?.parts.flatMap((part) => ('text' in part ? [part.text] : [])).join('\n');
  return text === undefined ? undefined : parseLabCommand(text)?.name;
}

async function run(
  command: Exclude<LabCommand, { name: 'echo' }>,
  context: RequestContext,
  updater: TaskUpdater,
): Promise<void> {
  const { signal, attempt } = context;
  switch (command.name) {
    case 'stream':
      if (attempt === 1 || context.currentTask?.status.state === 'TASK_STATE_SUBMITTED') await updater.startWork();
      await stream(command, context, updater);
      return updater.complete();
    case 'sleep':
      await updater.startWork();
      await sleep(command.ms, undefined, { signal });
      return updater.complete();
    case 'ask':
      return updater.requiresInput('What is the answer?');
    case 'auth':
      return updater.requiresAuth('Authorize this task, then send any message.');
    case 'fail':
      return updater.failed('Failed, as asked.');
    case 'reject':
      return updater.reject('Rejected, as asked.');
    case 'throw':
      throw new Error('Thrown by the lab agent, as asked.');
    case 'die':
      if (attempt > command.attempts) return echo(`alive at attempt ${attempt}`, updater);
      process.kill(process.pid, 'SIGKILL');
      return new Promise(() => undefined);
    case 'transient':
      if (attempt <= command.attempts) throw new TransientAgentError('Busy, as asked.');
      return echo(`done at attempt ${attempt}`, updater);
    case 'hang':
      await updater.startWork();
      return new Promise(() => undefined);
    default:
      return poison(command, updater);
  }
}

/** The fewest events that a task with a result can have. */
async function echo(text: string, updater: TaskUpdater): Promise<void> {
  await updater.addArtifact(text, { artifactId: 'echo', lastChunk: true });
  await updater.complete();
}

async function stream(
  { chunks, bytes, delayMs, waitMs }: Extract<LabCommand, { name: 'stream' }>,
  context: RequestContext,
  updater: TaskUpdater,
): Promise<void> {
  const { signal } = context;
  if (waitMs > 0) await sleep(waitMs, undefined, { signal });
  for (let index = storedChunks(context); index < chunks; index++) {
    signal.throwIfAborted();
    if (index > 0 && delayMs > 0) await sleep(delayMs, undefined, { signal });
    else if (index % CHUNKS_PER_LOOP === CHUNKS_PER_LOOP - 1) await nextLoop();
    const lastChunk = index === chunks - 1;
    // The first chunk makes the artifact: clients of other make drop what is appended to an artifact they have not seen.
    await updater.addArtifact(labChunk(index, bytes), { artifactId: 'stream', append: index > 0, lastChunk });
  }
}

/** Of an earlier attempt. */
function storedChunks(context: RequestContext): number {
  if (context.attempt === 1) return 0;
  return context.currentTask?.artifacts?.find(({ artifactId }) => artifactId === 'stream')?.parts.length ?? 0;
}
