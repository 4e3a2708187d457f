import { describe, expect, it } from '@jest/globals';
import {
  begin,
  beginInterrupted,
  caller,
  chunk,
  newTask,
  replica,
  status,
  userMessage,
  Writer,
  incoming,
} from '../fixtures.js';
import { withPeer, type Subject } from '../open-suite.js';

export function turns(subject: Subject): void {
  describe('claimTurn', () => {
    it('takes the next turn: fence and turn rise, attempt is 1', async () => {
      const { tasks, runs, inbox } = subject();
      const context = caller();
      const first = await beginInterrupted(subject(), context);
      const { taskId, contextId } = first.run;
      await inbox.put(context, taskId, incoming('go on'), 'd', 10);
      const before = await tasks.head(context, taskId);
      const claimed = await runs.claimTurn(context, taskId, 'r2');
      expect(claimed).toMatchObject({ lastSeq: 2, bytes: before?.bytes, turn: 2, attempt: 1, crashes: 0, failures: 0 });
      expect(claimed?.run).toMatchObject({
        taskId,
        contextId,
        owner: context.owner,
        tenant: '',
        agent: 'lab',
        fence: 2,
      });
      expect(await tasks.head(context, taskId)).toMatchObject({
        runOwner: 'r2',
        fence: 2,
        turn: 2,
        attempt: 1,
        lastSeq: 2,
      });
      expect(await first.append(chunk('late'))).toMatchObject({ ok: false, reason: 'fenced' });
      if (claimed) expect(await new Writer(tasks, claimed.run, 2).append(chunk('mine'))).toMatchObject({ ok: true });
    });

    it('takes no task that somebody runs, that has ended, or for which no message waits', async () => {
      const { tasks, runs, inbox } = subject();
      const context = caller();
      const running = await begin(subject(), context);
      await inbox.put(context, running.run.taskId, incoming('x'), 'd', 10);
      const ended = await begin(subject(), context);
      await inbox.put(context, ended.run.taskId, incoming('x'), 'd', 10);
      await ended.write(status('TASK_STATE_COMPLETED'));
      const silent = await beginInterrupted(subject(), context);
      for (const { run } of [running, ended, silent]) {
        const before = await tasks.head(context, run.taskId);
        expect(await runs.claimTurn(context, run.taskId, 'r2')).toBeUndefined();
        expect(await tasks.head(context, run.taskId)).toEqual(before);
      }
      expect(await runs.claimTurn(context, 'nope', 'r2')).toBeUndefined();
    });

    it('leaves a task in the run queue to claimQueued, whose turn comes first', async () => {
      const { tasks, runs, inbox } = subject();
      const context = caller();
      const task = newTask();
      await tasks.create(context, task);
      await inbox.put(context, task.taskId, incoming('x'), 'd', 10);
      expect(await runs.claimTurn(context, task.taskId, 'r')).toBeUndefined();
      await tasks.delete(context, task.taskId);
    });

    it('has one winner of 20 who claim at once', async () => {
      const context = caller();
      await withPeer(subject(), async (peer) => {
        for (let round = 0; round < 5; round++) {
          const { run } = await beginInterrupted(subject(), context);
          await subject().inbox.put(context, run.taskId, incoming('x'), 'd', 10);
          const claims = await Promise.all(
            Array.from({ length: 20 }, (_, n) =>
              (n % 2 === 0 ? subject() : peer).runs.claimTurn(context, run.taskId, `r${n}`),
            ),
          );
          expect(claims.filter((claim) => claim !== undefined)).toHaveLength(1);
          expect(await subject().tasks.head(context, run.taskId)).toMatchObject({ fence: 2, turn: 2 });
        }
      });
    });
  });

  describe('nextTurn', () => {
    it('raises the turn and keeps the fence', async () => {
      const { tasks, runs } = subject();
      const context = caller();
      const writer = await begin(subject(), context);
      expect(await runs.nextTurn(writer.run, 1)).toBe(true);
      expect(await tasks.head(context, writer.run.taskId)).toMatchObject({ turn: 2, attempt: 1, fence: 1 });
      await writer.write(chunk('still mine'));
    });

    it('starts the attempts anew', async () => {
      const { tasks, runs } = subject();
      const context = caller();
      const { run } = await begin(subject(), context, { runOwner: await replica(subject(), 0) });
      const taken = await runs.takeover(run.taskId, await replica(subject()));
      expect(taken).toMatchObject({ attempt: 2, crashes: 1 });
      if (taken) expect(await runs.nextTurn(taken.run, 1)).toBe(true);
      expect(await tasks.head(context, run.taskId)).toMatchObject({ turn: 2, attempt: 1, fence: 2 });
      expect(await runs.forceClaim(context, run.taskId, 'r')).toMatchObject({ attempt: 1, crashes: 0 });
    });

    it('is refused to a run that lost its task', async () => {
      const { tasks, runs } = subject();
      const context = caller();
      const { run } = await begin(subject(), context);
      await runs.forceClaim(context, run.taskId, 'r2');
      expect(await runs.nextTurn(run, 1)).toBe(false);
      expect(await tasks.head(context, run.taskId)).toMatchObject({ turn: 1 });
    });
  });

  describe('release', () => {
    it('leaves the task without an owner', async () => {
      const { tasks, runs } = subject();
      const context = caller();
      const writer = await begin(subject(), context);
      await writer.write(status('TASK_STATE_INPUT_REQUIRED'));
      expect(await runs.release(writer.run)).toBe('released');
      const head = await tasks.head(context, writer.run.taskId);
      expect(head?.runOwner).toBeUndefined();
      expect(head).toMatchObject({ fence: 1, turn: 1, state: 'TASK_STATE_INPUT_REQUIRED' });
    });

    it('keeps the run while a message waits', async () => {
      const { tasks, runs, inbox } = subject();
      const context = caller();
      const writer = await begin(subject(), context, { runOwner: 'keeper' });
      const message = userMessage('x');
      const put = await inbox.put(context, writer.run.taskId, { message }, 'd', 10);
      expect(await runs.release(writer.run)).toBe('inbox');
      expect(await tasks.head(context, writer.run.taskId)).toMatchObject({ runOwner: 'keeper', fence: 1 });
      const events = [status('TASK_STATE_WORKING', { inbound: message })];
      await tasks.append({
        run: writer.run,
        firstSeq: 2,
        events,
        ...(put.result === 'queued' && { consumes: put.id }),
      });
      expect(await runs.release(writer.run)).toBe('released');
    });

    it('says released of a task that has ended, whatever waits', async () => {
      const { runs, inbox } = subject();
      const context = caller();
      const writer = await begin(subject(), context);
      await inbox.put(context, writer.run.taskId, incoming('too late'), 'd', 10);
      await writer.write(status('TASK_STATE_COMPLETED'));
      expect(await runs.release(writer.run)).toBe('released');
    });

    it('is refused to a run that lost its task', async () => {
      const { tasks, runs } = subject();
      const context = caller();
      const { run } = await begin(subject(), context);
      await runs.forceClaim(context, run.taskId, 'r2');
      expect(await runs.release(run)).toBe('fenced');
      expect(await tasks.head(context, run.taskId)).toMatchObject({ runOwner: 'r2' });
    });

    it('leaves no message behind that comes at the same moment', async () => {
      const context = caller();
      await withPeer(subject(), async (peer) => {
        for (let round = 0; round < 30; round++) {
          const writer = await begin(subject(), context);
          const { taskId } = writer.run;
          await writer.write(status('TASK_STATE_INPUT_REQUIRED'));
          const send = async (): Promise<boolean> => {
            await peer.inbox.put(context, taskId, incoming('x'), 'd', 10);
            return (await peer.runs.claimTurn(context, taskId, 'sender')) !== undefined;
          };
          const [released, claimed] = await Promise.all([subject().runs.release(writer.run), send()]);
          // Either the run goes on with the message, or its sender gets the task.
          expect([released === 'inbox', claimed].filter(Boolean)).toHaveLength(1);
        }
      });
    });
  });
}
