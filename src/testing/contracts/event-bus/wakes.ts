import { describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { newId } from '../../../protocol/ids.js';
import { Hearer, meetForSuite, type OpenCluster } from './bus-cluster.js';
import { until } from '../until.js';

/** More than fit into one message of any bus, and fewer than any bus gives up on. */
const MANY = 5_000;

/** What every bus does as long as nothing is lost. */
export function wakes(open: OpenCluster): void {
  describe('wake', () => {
    const members = meetForSuite(open);

    it('tells the others the newest seq of each task, later than the call', async () => {
      const [sender, ...others] = members();
      const hearers = others.map((bus) => new Hearer(bus));
      const [a, b] = [newId(), newId()];
      sender?.wake([
        { taskId: a, seq: 2 },
        { taskId: b, seq: 7 },
      ]);
      sender?.wake([{ taskId: a, seq: 5 }]);
      sender?.wake([{ taskId: a, seq: 3 }]);
      expect(hearers.map(({ calls }) => calls)).toEqual([0, 0]);
      await until(() => hearers.every((hearer) => hearer.seqOf(a) === 5 && hearer.seqOf(b) === 7));
    });

    it('is heard from every member', async () => {
      const hearers = members().map((bus) => new Hearer(bus));
      const tasks = members().map(() => newId());
      members().forEach((bus, index) => bus.wake([{ taskId: tasks[index] ?? '', seq: index + 1 }]));
      await until(() =>
        hearers.every((hearer, h) => tasks.every((task, index) => index === h || hearer.seqOf(task) === index + 1)),
      );
    });

    it('goes on telling of one task for as long as it is called', async () => {
      const [sender, other] = members();
      const hearer = new Hearer(other!);
      const taskId = newId();
      for (let seq = 1; seq <= 200; seq++) {
        sender?.wake([{ taskId, seq }]);
        await until(() => hearer.seqOf(taskId) === seq);
      }
    });

    it(`carries ${MANY} tasks that come at once`, async () => {
      const [sender, other] = members();
      const hearer = new Hearer(other!);
      const heads = Array.from({ length: MANY }, (_, index) => ({ taskId: newId(), seq: index }));
      sender?.wake(heads);
      await until(() => hearer.heads.size >= MANY);
      expect(heads.filter(({ taskId, seq }) => hearer.seqOf(taskId) !== seq)).toEqual([]);
    });

    it('tells the others that tasks wait for a start, once for calls that come together, and of tasks beside it', async () => {
      const [sender, ...others] = members();
      const hearers = others.map((bus) => new Hearer(bus));
      const taskId = newId();
      for (let n = 0; n < 50; n++) sender?.wakeQueue();
      sender?.wake([{ taskId, seq: 3 }]);
      expect(hearers.map(({ lines }) => lines)).toEqual([0, 0]);
      await until(() => hearers.every((hearer) => hearer.seqOf(taskId) === 3 && hearer.lines > 0));
      expect(Math.max(...hearers.map(({ lines }) => lines))).toBeLessThan(3);
      sender?.wakeQueue();
      await until(() => hearers.every(({ lines }) => lines > 1));
    });

    it('keeps what is for the owner when wakes of one task are put together', async () => {
      const [sender, other] = members();
      const hearer = new Hearer(other!);
      const [asked, plain] = [newId(), newId()];
      sender?.wake([{ taskId: asked, seq: 3, forOwner: true }]);
      sender?.wake([
        { taskId: asked, seq: 4 },
        { taskId: plain, seq: 1 },
      ]);
      await until(() => hearer.seqOf(plain) === 1);
      expect(hearer.heads.get(asked)).toEqual({ taskId: asked, seq: 4, forOwner: true });
      expect(hearer.heads.get(plain)).toEqual({ taskId: plain, seq: 1 });
    });

    it('carries whose task it is, and from where the events of wakes that are put together begin', async () => {
      const [sender, other] = members();
      const hearer = new Hearer(other!);
      const taskId = newId();
      const scope = { owner: 'älice "1"', tenant: '', agent: 'test' };
      sender?.wake([{ taskId, seq: 4, news: { after: 2, ...scope } }]);
      sender?.wake([
        { taskId, seq: 6, news: { after: 4, ...scope } },
        { taskId, seq: 6 },
      ]);
      await until(() => hearer.seqOf(taskId) === 6);
      expect(hearer.heads.get(taskId)).toEqual({ taskId, seq: 6, news: { after: 2, ...scope } });
    });

    it('calls all listeners although one throws, and none that left', async () => {
      const error = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
      const [sender, other] = members();
      const left = jest.fn();
      const offThrowing = other!.onWake(() => {
        throw new Error('boom');
      });
      other!.onWake(left)();
      const hearer = new Hearer(other!);
      const taskId = newId();
      sender?.wake([{ taskId, seq: 1 }]);
      await until(() => hearer.seqOf(taskId) === 1);
      expect([left.mock.calls.length, error.mock.calls.length]).toEqual([0, 1]);
      offThrowing();
      error.mockRestore();
    });
  });
}

/** How every bus ends. */
export function endings(open: OpenCluster): void {
  describe('close', () => {
    const members = meetForSuite(open);

    it('makes it silent in both directions, may be called again, and never throws', async () => {
      const [sender, closing] = members();
      const [hearer, left] = [new Hearer(sender!), new Hearer(closing!)];
      await closing?.close();
      const taskId = newId();
      closing?.wake([{ taskId, seq: 1 }]);
      sender?.wake([{ taskId: newId(), seq: 1 }]);
      await closing?.close();
      expect([hearer.seqOf(taskId), left.calls]).toEqual([0, 0]);
    });
  });
}
