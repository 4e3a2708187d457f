import { TaskState } from '@a2a-js/sdk';
import { AgentEvent } from '@a2a-js/sdk/server';
import { setImmediate as nextLoop } from 'node:timers/promises';
import { built } from '../support/paths.mjs';

const { labChunk } = await import(built('examples/lab/lab-chunk.js'));
const { parseLabCommand } = await import(built('examples/lab/lab-command.js'));

/** As often as the lab agent of this package lets the event loop go round. */
const CHUNKS_PER_LOOP = 64;

/** The commands `echo` and `stream` of the lab agent, with the same events, for `@a2a-js/sdk`. */
export class SdkLabExecutor {
  async execute({ taskId, contextId, userMessage }, bus) {
    const command = parseLabCommand(userMessage.parts[0].content.value);
    const ids = { taskId, contextId, metadata: undefined };
    const status = (state) => ({ state, message: undefined, timestamp: new Date().toISOString() });
    const update = (state) => bus.publish(AgentEvent.statusUpdate({ ...ids, status: status(state) }));
    const chunk = (artifact, append, lastChunk) =>
      bus.publish(AgentEvent.artifactUpdate({ ...ids, artifact, append, lastChunk }));
    const submitted = status(TaskState.TASK_STATE_SUBMITTED);
    const history = [userMessage];
    bus.publish(
      AgentEvent.task({ id: taskId, contextId, status: submitted, artifacts: [], history, metadata: undefined }),
    );
    if (command.name === 'echo') chunk(artifactOf('echo', command.text), false, true);
    else {
      update(TaskState.TASK_STATE_WORKING);
      for (let index = 0; index < command.chunks; index++) {
        if (index % CHUNKS_PER_LOOP === CHUNKS_PER_LOOP - 1) await nextLoop();
        chunk(artifactOf('stream', labChunk(index, command.bytes)), index > 0, index === command.chunks - 1);
      }
    }
    update(TaskState.TASK_STATE_COMPLETED);
    bus.finished();
  }

  async cancelTask() {
    throw new Error('Nothing is canceled here.');
  }
}

function artifactOf(artifactId, text) {
  const part = { content: { $case: 'text', value: text }, metadata: undefined, filename: '', mediaType: '' };
  return { artifactId, name: '', description: '', parts: [part], metadata: undefined, extensions: [] };
}
