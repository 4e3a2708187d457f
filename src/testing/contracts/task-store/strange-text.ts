import { describe, expect, it } from '@jest/globals';
import { agentMessage, begin, caller, chunk, newTask, status, userMessage, incoming } from '../fixtures.js';
import type { Subject } from '../open-suite.js';

const TEXTS: Record<string, string> = {
  'an emoji of several code points': '👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿',
  'U+FFFF and U+FFFE': 'a\uFFFFb\uFFFE',
  'quotes and backslashes': `'"\\\\'' "" \\n \\u0041 {"a":"\\""} $1 $$ %s ? :name`,
  'line ends and separators': '\r\n\u2028\u2029\t\v\u0085',
  'what COPY and arrays treat specially': '\\N {a,b,NULL} (1,"2") \\.',
  'text from right to left': 'שלום \u202e abc',
  'U+0000 and control characters': 'a\u0000b\u0001\u001f\u007f',
  'a lone surrogate': 'x\ud800y',
  nothing: '',
  'numbers that lose digits': '12345678901234567890.10',
};

export function strangeText(subject: Subject): void {
  describe('text', () => {
    it.each(Object.entries(TEXTS))('keeps %s', async (_name, text) => {
      const { tasks, inbox } = subject();
      const context = caller();
      const metadata = { [text]: text, nested: [{ text }], number: 1.5, none: null };
      const writer = await begin(subject(), context, { metadata, history: [userMessage(text)] });
      const { taskId } = writer.run;
      const message = userMessage(text, { metadata, extensions: [text] });
      expect(await inbox.put(context, taskId, { message }, 'd', 10)).toMatchObject({ result: 'queued' });
      expect((await inbox.peek(writer.run))?.message).toEqual(message);
      const events = [
        chunk(text, `artifact ${text}`),
        status('TASK_STATE_WORKING', { message: agentMessage(text), inbound: message }),
      ];
      await writer.write(...events);
      const page = await tasks.eventsAfter(context, taskId, 1);
      expect(page?.events.map(({ data, inbound }) => ({ data, inbound }))).toEqual(
        events.map(({ data, inbound }) => ({ data, inbound })),
      );
      const task = (await tasks.get(context, taskId))?.task;
      expect(task?.metadata).toEqual(metadata);
      expect(task?.history?.map(({ parts }) => parts)).toEqual([[{ text }], [{ text }]]);
      expect(task?.artifacts).toEqual([{ artifactId: `artifact ${text}`, parts: [{ text }] }]);
      expect(task?.status.message?.parts).toEqual([{ text }]);
    });

    it.each([
      ['ASCII', 'x'.repeat(512)],
      ['two bytes a character', 'é'.repeat(256)],
      ['four bytes a character', '🦊'.repeat(128)],
      ['signs with a meaning elsewhere', `'";\\%_\uFFFF${'~'.repeat(400)}`],
    ])('keeps ids of 512 bytes: %s', async (_name, id) => {
      const { tasks, inbox } = subject();
      const context = caller();
      const task = newTask({ contextId: id, messageId: id, runOwner: 'r' });
      expect(await tasks.create(context, task)).toMatchObject({ created: true, run: { contextId: id } });
      expect(await tasks.create(context, newTask({ messageId: id }))).toMatchObject({
        created: false,
        taskId: task.taskId,
      });
      expect(await inbox.put(context, task.taskId, incoming('x', { messageId: id }), 'd', 10)).toMatchObject({
        result: 'duplicate',
      });
      expect(await tasks.get(context, task.taskId)).toMatchObject({ task: { contextId: id }, head: { contextId: id } });
      expect((await tasks.list(context, { contextId: id })).tasks.map((found) => found.id)).toEqual([task.taskId]);
      expect((await tasks.list(context, { contextId: id.slice(0, -2) })).totalSize).toBe(0);
    });
  });
}
