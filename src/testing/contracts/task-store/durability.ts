import { describe, expect, it } from '@jest/globals';
import { agentMessage, begin, caller, chunk, newTask, status, incoming } from '../fixtures.js';
import { withPeer, type Subject } from '../open-suite.js';

export function durability(subject: Subject): void {
  describe('a storage that is opened again', () => {
    it('has everything that was acknowledged', async () => {
      const stores = subject();
      if (!stores.reopen) throw new Error('A durable storage must offer `reopen`.');
      const context = caller();
      const writer = await begin(stores, context, { messageId: 'first', metadata: { a: 1 } });
      const { taskId } = writer.run;
      await writer.write(status('TASK_STATE_WORKING', { message: agentMessage('hm') }), chunk('a'), chunk('b'));
      const put = await stores.inbox.put(context, taskId, incoming('next', { messageId: 'second' }), 'd', 10);
      await stores.runs.requestCancel(context, taskId);
      const before = [
        await stores.tasks.get(context, taskId),
        await stores.tasks.list(context, { includeArtifacts: true }),
      ];
      const log = await stores.tasks.eventsAfter(context, taskId, 0);
      await withPeer(stores, async (again) => {
        expect([
          await again.tasks.get(context, taskId),
          await again.tasks.list(context, { includeArtifacts: true }),
        ]).toEqual(before);
        const page = await again.tasks.eventsAfter(context, taskId, 0);
        expect(page?.events.map(({ seq, data, inbound }) => [seq, data, inbound])).toEqual(
          log?.events.map(({ seq, data, inbound }) => [seq, data, inbound]),
        );
        expect(put.result === 'queued' && (await again.inbox.waiting(context, taskId, put.id))).toBe(true);
        for (const messageId of ['first', 'second']) {
          expect(await again.tasks.create(context, newTask({ messageId }))).toMatchObject({ created: false, taskId });
        }
      });
    });

    it('is one storage for two processes', async () => {
      const context = caller();
      const writer = await begin(subject(), context);
      await withPeer(subject(), async (peer) => {
        await writer.write(chunk('mine'));
        expect((await peer.tasks.get(context, writer.run.taskId))?.seq).toBe(2);
        const theirs = await peer.runs.forceClaim(context, writer.run.taskId, 'peer');
        expect(theirs).toMatchObject({ lastSeq: 2, run: { fence: 2 } });
        expect(await writer.append(chunk('late'))).toMatchObject({ ok: false, reason: 'fenced' });
      });
    });

    it('makes one task of one messageId that both processes are sent', async () => {
      const context = caller();
      await withPeer(subject(), async (peer) => {
        const results = await Promise.all(
          Array.from({ length: 50 }, (_, n) =>
            (n % 2 === 0 ? subject() : peer).tasks.create(context, newTask({ messageId: 'same', runOwner: 'r' })),
          ),
        );
        expect(results.filter(({ created }) => created)).toHaveLength(1);
      });
    });
  });
}
