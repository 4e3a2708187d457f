import { describe, expect, it } from '@jest/globals';
import type { JsonObject, Task } from '../../../protocol/model/index.js';
import { pendingEvent, type PendingEvent } from '../../../tasks/pending-event.js';
import { agentMessage, begin, caller, chunk, pause, status, userMessage, type Writer } from '../fixtures.js';
import type { Subject } from '../open-suite.js';

/** What a storage might write in another way, or take for something else. */
const odd: JsonObject = {
  numbers: [1e300, 5e-324, 0.1],
  text: '"metadata": \u{1f600} \u2028',
  artifacts: [1],
  status: null,
};
const metadata = (n: number): JsonObject => ({ [`n${n}`]: n, odd });
const big = 'x'.repeat(50_000);

const update = (text: string, more: object = {}): PendingEvent =>
  pendingEvent({
    artifactUpdate: {
      taskId: '',
      contextId: '',
      artifact: { artifactId: 'out', parts: [{ text, metadata: { part: 1 } }], metadata: { of: 'artifact' } },
      append: true,
      ...more,
    },
  });

/** Two turns that end in a question, with time for a snapshot before the last events. */
async function talk(writer: Writer, text: string): Promise<void> {
  for (const n of [1, 2]) {
    await writer.write(
      status('TASK_STATE_WORKING', { message: agentMessage(text), metadata: metadata(n) }),
      ...Array.from({ length: 40 }, () => chunk(big)),
      update(text, { metadata: metadata(n + 2) }),
      update(text),
      status('TASK_STATE_INPUT_REQUIRED', { message: agentMessage(`${text}?`), inbound: userMessage(text) }),
      chunk(text, 'other'),
    );
    await pause(50);
  }
}

const bare = ({ artifacts: _artifacts, ...task }: Task): object => task;

export function listingWithoutArtifacts(subject: Subject): void {
  describe('list without artifacts', () => {
    it.each([
      ['ordinary text', 'text', undefined],
      ['an escaped backslash before a u', '\\u0000 \\ud800', undefined],
      ['U+0000', 'a\u0000b', undefined],
      ['half a surrogate pair', '\ud83d', undefined],
      ['large metadata', 'text', { large: big }],
    ])('is the same as with them, but for them: %s', async (_name, text, large) => {
      const { tasks } = subject();
      const context = caller();
      const start = { metadata: { ...metadata(0), ...large }, history: [userMessage(text)] };
      const asked = await begin(subject(), context, start);
      await talk(asked, text);
      const ended = await begin(subject(), context, start);
      await talk(ended, text);
      await ended.write(status('TASK_STATE_COMPLETED', { message: agentMessage(text) }));
      await tasks.trim(ended.run.taskId, ended.lastSeq - 1);
      const fresh = await begin(subject(), context, start);
      for (const historyLength of [undefined, 0, 1, 3]) {
        const all = { maxBytes: Infinity };
        const { tasks: full } = await tasks.list(context, { historyLength, includeArtifacts: true }, all);
        const { tasks: listed } = await tasks.list(context, { historyLength }, all);
        expect(listed).toEqual(full.map(bare));
        const artifacts = (writer: Writer): unknown =>
          full.find(({ id }) => id === writer.run.taskId)?.artifacts?.length;
        expect([asked, ended, fresh].map(artifacts)).toEqual([2, 2, 0]);
        const talked = listed.filter(({ id }) => id !== fresh.run.taskId);
        for (const task of talked) expect(task.metadata).toMatchObject({ n0: 0, n2: 2, n4: 4 });
      }
    });
  });
}
