import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { begin, caller, chunk, status, strangersTo, userMessage } from '../testing/contracts/fixtures.js';
import { ContentGate } from './content-gate.js';
import { openMemoryStores } from './memory/open-stores.js';
import type { OpenTask } from './open-task.js';
import type { OpenStores } from './stores.js';
import { TaskDocuments } from './task-documents.js';

const KB = 1000;
const text = 'x'.repeat(200 * KB);

describe('TaskDocuments', () => {
  let stores: OpenStores;
  let reads: number;
  let documents: TaskDocuments;
  /** Every read waits for this first. */
  let before: Promise<void> | undefined;

  beforeEach(() => {
    stores = openMemoryStores();
    reads = 0;
    before = undefined;
    documents = new TaskDocuments(counting());
  });

  const counting = (): ConstructorParameters<typeof TaskDocuments>[0] => ({
    open: async (context, taskId): Promise<OpenTask | undefined> => {
      const opened = await stores.tasks.open(context, taskId);
      if (!opened) return undefined;
      const read = async () => {
        reads++;
        await before;
        return opened.read();
      };
      return { head: opened.head, read };
    },
  });

  it('reads a large task once for all who ask at once, and for those who come while somebody has its bytes', async () => {
    const context = caller();
    const { run } = await begin(stores, context, { history: [userMessage(text)] });
    const found = await Promise.all(Array.from({ length: 20 }, () => documents.get(context, run.taskId)));
    const bodies = found.map((at) => at?.document.json);
    expect(new Set(bodies).size).toBe(1);
    expect(reads).toBe(1);
    expect((await documents.get(context, run.taskId))?.document.json).toBe(bodies[0]);
    expect(reads).toBe(1);
    const { task } = (await stores.tasks.get(context, run.taskId)) ?? {};
    expect(JSON.parse(String(bodies[0]))).toEqual({ task });
    expect(JSON.parse(String(found[0]?.document.bare))).toEqual(task);
    expect(found[0]?.document.task).toEqual(task);
  });

  it('shows nobody a task of somebody else, nor an older one than there is', async () => {
    const context = caller();
    const writer = await begin(stores, context, { history: [userMessage(text)] });
    let go: () => void = () => undefined;
    before = new Promise((resolve) => (go = resolve));
    const first = documents.get(context, writer.run.taskId);
    await new Promise(setImmediate);
    for (const stranger of strangersTo(context)) {
      expect(await documents.get(stranger, writer.run.taskId)).toBeUndefined();
    }
    await writer.write(status('TASK_STATE_WORKING'));
    const second = documents.get(context, writer.run.taskId);
    go();
    expect([(await first)?.seq, (await second)?.seq]).toEqual([1, 2]);
    expect((await second)?.document.state).toBe('TASK_STATE_WORKING');
  });

  it('keeps apart what was asked for with another history', async () => {
    const context = caller();
    const { run } = await begin(stores, context, { history: [userMessage(text), userMessage('second')] });
    const lengths = [undefined, 0, 1, 2].map(async (historyLength) => {
      const found = await documents.get(context, run.taskId, { historyLength });
      return found?.document.task.history?.length;
    });
    expect(await Promise.all(lengths)).toEqual([2, undefined, 1, 2]);
  });

  it('gives the newest of a history that is larger than it may be, and all artifacts', async () => {
    documents = new TaskDocuments(counting(), undefined, 100 * KB);
    const context = caller();
    const writer = await begin(stores, context, { history: [userMessage(text)] });
    const inbound = userMessage('newest');
    await writer.write(status('TASK_STATE_WORKING', { inbound }), chunk(text));
    const task = (await documents.get(context, writer.run.taskId))?.document.task;
    expect(task?.history).toEqual([inbound]);
    expect(task?.artifacts?.[0]?.parts).toEqual([{ text }]);
  });

  it('reads no more at a time than it may, and gives the room back', async () => {
    const gate = new ContentGate(300 * KB);
    documents = new TaskDocuments(counting(), gate);
    let go: () => void = () => undefined;
    before = new Promise((resolve) => (go = resolve));
    const tasks = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const context = caller();
        return { context, ...(await begin(stores, context, { history: [userMessage(text)] })).run };
      }),
    );
    const found = tasks.map(({ context, taskId }) => documents.get(context, taskId));
    await new Promise(setImmediate);
    expect(reads).toBe(1);
    expect(gate.held).toBeGreaterThan(200 * KB);
    go();
    await Promise.all(found);
    expect([reads, gate.held]).toEqual([4, 0]);
  });

  it('gives the room back when a read fails, and tries again for the next one', async () => {
    const gate = new ContentGate();
    documents = new TaskDocuments(counting(), gate);
    const context = caller();
    const { run } = await begin(stores, context, { history: [userMessage(text)] });
    before = Promise.reject(new Error('broken'));
    await expect(documents.get(context, run.taskId)).rejects.toThrow('broken');
    expect(gate.held).toBe(0);
    before = undefined;
    expect((await documents.get(context, run.taskId))?.seq).toBe(1);
  });

  it('opens a task again whose log changed before it was read', async () => {
    const context = caller();
    const { run } = await begin(stores, context, { history: [userMessage(text)] });
    const open = jest.fn(async (): Promise<OpenTask | undefined> => {
      const opened = await stores.tasks.open(context, run.taskId);
      return opened && open.mock.calls.length < 3 ? { ...opened, read: () => Promise.resolve(undefined) } : opened;
    });
    documents = new TaskDocuments({ open });
    expect((await documents.get(context, run.taskId))?.seq).toBe(1);
    expect(open).toHaveBeenCalledTimes(3);
  });
});
