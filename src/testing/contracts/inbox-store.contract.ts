import { describe, expect, it } from '@jest/globals';
import type { InboxMessage, PutResult } from '../../tasks/inbox-store.interface.js';
import { begin, beginInterrupted, caller, status, userMessage, incoming } from './fixtures.js';
import { openForSuite, withPeer, type OpenFunction, type Subject } from './open-suite.js';

const idOf = (result: PutResult): string => {
  if (result.result !== 'queued') throw new Error(`put answered ${result.result}`);
  return result.id;
};

/** What every InboxStore must do. */
export function inboxStoreContract(name: string, open: OpenFunction): void {
  describe(`InboxStore (${name})`, () => {
    const subject = openForSuite(open);
    order(subject);
    refusals(subject);
    withdrawal(subject);
    sweeping(subject);
  });
}

function order(subject: Subject): void {
  it('gives the messages to the run in the order of arrival, each until it is consumed', async () => {
    const { tasks, inbox } = subject();
    const context = caller();
    const { run } = await begin(subject(), context);
    expect(await inbox.peek(run)).toBeUndefined();
    const entries: InboxMessage[] = [
      incoming('1', { contextId: run.contextId, metadata: { n: 1 } }),
      { ...incoming('2'), metadata: { request: ['deep', { er: null }] } },
      { ...incoming('3'), metadata: {}, configuration: { acceptedOutputModes: ['text/plain'], historyLength: 0 } },
    ];
    const ids: string[] = [];
    for (const entry of entries) ids.push(idOf(await inbox.put(context, run.taskId, entry, 'd', 10)));
    for (const [index, entry] of entries.entries()) {
      expect(await inbox.peek(run)).toEqual({ id: ids[index], ...entry });
      expect(await inbox.peek(run)).toEqual({ id: ids[index], ...entry });
      const events = [status('TASK_STATE_WORKING', { inbound: entry.message })];
      await tasks.append({ run, firstSeq: index + 2, events, consumes: ids[index] ?? '' });
    }
    expect(await inbox.peek(run)).toBeUndefined();
  });

  it('shows nothing to a run that lost its task', async () => {
    const { runs, inbox } = subject();
    const context = caller();
    const { run } = await begin(subject(), context);
    await inbox.put(context, run.taskId, incoming('x'), 'd', 10);
    const seized = await runs.forceClaim(context, run.taskId, 'r2');
    expect(await inbox.peek(run)).toBeUndefined();
    expect(seized && (await inbox.peek(seized.run))).toMatchObject({ id: expect.any(String) as unknown });
  });

  it('keeps a message of its own, whatever the sender does with theirs', async () => {
    const { inbox } = subject();
    const context = caller();
    const { run } = await begin(subject(), context);
    const message = userMessage('as sent');
    await inbox.put(context, run.taskId, { message }, 'd', 10);
    message.parts.push({ text: 'added later' });
    const peeked = await inbox.peek(run);
    expect(peeked?.message.parts).toEqual([{ text: 'as sent' }]);
    peeked?.message.parts.splice(0);
    expect((await inbox.peek(run))?.message.parts).toEqual([{ text: 'as sent' }]);
  });
}

function refusals(subject: Subject): void {
  it('takes no more than limit messages that wait', async () => {
    const { tasks, inbox } = subject();
    const context = caller();
    const { run } = await begin(subject(), context);
    const put = (): Promise<PutResult> => inbox.put(context, run.taskId, incoming('x'), 'd', 2);
    const first = idOf(await put());
    await put();
    expect(await put()).toEqual({ result: 'full' });
    await tasks.append({ run, firstSeq: 2, events: [status('TASK_STATE_WORKING')], consumes: first });
    expect(await put()).toMatchObject({ result: 'queued' });
    expect(await put()).toEqual({ result: 'full' });
  });

  it('takes no more than limit messages that come at once', async () => {
    const { inbox } = subject();
    const context = caller();
    const { run } = await begin(subject(), context);
    await withPeer(subject(), async (peer) => {
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          (n % 2 === 0 ? inbox : peer.inbox).put(context, run.taskId, incoming('x'), 'd', 5),
        ),
      );
      expect(results.filter(({ result }) => result === 'queued')).toHaveLength(5);
      expect(results.filter(({ result }) => result === 'full')).toHaveLength(15);
    });
  });

  it('takes messages to a task that nobody runs, but none to one that has ended or is not there', async () => {
    const { inbox } = subject();
    const context = caller();
    const resting = await beginInterrupted(subject(), context);
    expect(await inbox.put(context, resting.run.taskId, incoming('x'), 'd', 1)).toMatchObject({ result: 'queued' });
    const ended = await begin(subject(), context);
    await ended.write(status('TASK_STATE_FAILED'));
    expect(await inbox.put(context, ended.run.taskId, incoming('x'), 'd', 1)).toEqual({ result: 'terminal' });
    expect(await inbox.put(context, 'nope', incoming('x'), 'd', 1)).toEqual({ result: 'missing' });
  });

  it('knows a message that it was given before, also when it was consumed, the inbox is full or the task has ended', async () => {
    const { tasks, inbox } = subject();
    const context = caller();
    const { run } = await begin(subject(), context);
    const message = userMessage('x');
    const put = (digest: string): Promise<PutResult> => inbox.put(context, run.taskId, { message }, digest, 1);
    const id = idOf(await put('a'));
    const duplicate = { result: 'duplicate', taskId: run.taskId, sameContent: true };
    expect(await put('a')).toEqual(duplicate);
    expect(await put('b')).toEqual({ ...duplicate, sameContent: false });
    await tasks.append({
      run,
      firstSeq: 2,
      events: [status('TASK_STATE_WORKING', { inbound: message })],
      consumes: id,
    });
    expect(await put('a')).toEqual(duplicate);
    expect(await inbox.peek(run)).toBeUndefined();
    await tasks.append({ run, firstSeq: 3, events: [status('TASK_STATE_COMPLETED')] });
    expect(await put('a')).toEqual(duplicate);
  });

  it('knows a message under the key that it was given, not under its id', async () => {
    const { inbox } = subject();
    const context = caller();
    const { run } = await begin(subject(), context);
    const message = userMessage('x');
    const put = (key: string): Promise<PutResult> => inbox.put(context, run.taskId, { message }, 'd', 5, { key });
    expect(await put('k-1')).toMatchObject({ result: 'queued' });
    const second = idOf(await put('k-2'));
    expect(await put('k-1')).toEqual({ result: 'duplicate', taskId: run.taskId, sameContent: true });
    expect(await inbox.peek(run)).toMatchObject({ message });
    expect(await inbox.withdraw(context, run.taskId, second)).toBe(true);
    expect(await put('k-2')).toMatchObject({ result: 'queued' });
  });

  it('knows the message that created a task, this one or another', async () => {
    const { inbox } = subject();
    const context = caller();
    const one = await begin(subject(), context, { messageId: 'm-1', digest: 'a' });
    const two = await begin(subject(), context);
    for (const { run } of [one, two]) {
      const put = (digest: string): Promise<PutResult> =>
        inbox.put(context, run.taskId, incoming('x', { messageId: 'm-1' }), digest, 5);
      expect(await put('a')).toEqual({ result: 'duplicate', taskId: one.run.taskId, sameContent: true });
      expect(await put('b')).toEqual({ result: 'duplicate', taskId: one.run.taskId, sameContent: false });
    }
  });

  it('queues one of 20 equal messages that come at once', async () => {
    const { inbox } = subject();
    const context = caller();
    const { run } = await begin(subject(), context);
    const message = userMessage('x');
    const results = await Promise.all(
      Array.from({ length: 20 }, () => inbox.put(context, run.taskId, { message }, 'd', 50)),
    );
    expect(results.filter(({ result }) => result === 'queued')).toHaveLength(1);
    expect(results.filter(({ result }) => result === 'duplicate')).toHaveLength(19);
  });
}

function withdrawal(subject: Subject): void {
  it('lets a sender withdraw what has not been taken, and send it again', async () => {
    const { tasks, inbox } = subject();
    const context = caller();
    const { run } = await begin(subject(), context);
    const [first, second] = [userMessage('1'), userMessage('2')];
    const put = idOf(await inbox.put(context, run.taskId, { message: first }, 'd', 10));
    const next = idOf(await inbox.put(context, run.taskId, { message: second }, 'd', 10));
    expect(await inbox.waiting(context, run.taskId, put)).toBe(true);
    expect(await inbox.withdraw(context, run.taskId, put)).toBe(true);
    expect(await inbox.waiting(context, run.taskId, put)).toBe(false);
    expect(await inbox.withdraw(context, run.taskId, put)).toBe(false);
    expect(await inbox.peek(run)).toEqual({ id: next, message: second });
    const again = idOf(await inbox.put(context, run.taskId, { message: first }, 'd', 10));
    expect(again).not.toBe(put);
    await tasks.append({ run, firstSeq: 2, events: [status('TASK_STATE_WORKING')], consumes: next });
    expect(await inbox.withdraw(context, run.taskId, next)).toBe(false);
    expect(await inbox.waiting(context, run.taskId, again)).toBe(true);
  });

  it('finds no entry under an id that it never gave, or under another task', async () => {
    const { inbox } = subject();
    const context = caller();
    const [one, two] = [await begin(subject(), context), await begin(subject(), context)];
    const id = idOf(await inbox.put(context, one.run.taskId, incoming('x'), 'd', 10));
    for (const [taskId, entry] of [
      [two.run.taskId, id],
      [one.run.taskId, 'nope'],
      ['nope', id],
    ] as const) {
      expect(await inbox.waiting(context, taskId, entry)).toBe(false);
      expect(await inbox.withdraw(context, taskId, entry)).toBe(false);
    }
    expect(await inbox.waiting(context, one.run.taskId, id)).toBe(true);
  });
}

function sweeping(subject: Subject): void {
  it('forgets the messages that wait for tasks that have ended, and no others; they stay known', async () => {
    const { inbox } = subject();
    while ((await inbox.sweep(1000)) > 0);
    const context = caller();
    const [ended, resting] = [await begin(subject(), context), await beginInterrupted(subject(), context)];
    const late = incoming('too late');
    const ids: string[] = [];
    for (const entry of [late, incoming('x'), incoming('y')])
      ids.push(idOf(await inbox.put(context, ended.run.taskId, entry, 'd', 10)));
    const kept = idOf(await inbox.put(context, resting.run.taskId, incoming('z'), 'd', 10));
    expect(await inbox.sweep(1000)).toBe(0);
    await ended.write(status('TASK_STATE_COMPLETED'));
    expect([await inbox.sweep(2), await inbox.sweep(2), await inbox.sweep(2)]).toEqual([2, 1, 0]);
    for (const id of ids) expect(await inbox.withdraw(context, ended.run.taskId, id)).toBe(false);
    expect(await inbox.waiting(context, resting.run.taskId, kept)).toBe(true);
    expect(await inbox.put(context, ended.run.taskId, late, 'd', 10)).toMatchObject({ result: 'duplicate' });
  });
}
