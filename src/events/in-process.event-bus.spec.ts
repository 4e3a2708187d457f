import { describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { TaskWake } from './event-bus.interface.js';
import { InProcessEventBus } from './in-process.event-bus.js';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('InProcessEventBus', () => {
  it('delivers later, the newest seq of each task once', async () => {
    const bus = new InProcessEventBus();
    const heard: (readonly TaskWake[])[] = [];
    bus.onWake((heads) => heard.push(heads));
    bus.wake([
      { taskId: 'a', seq: 2 },
      { taskId: 'b', seq: 7 },
    ]);
    bus.wake([{ taskId: 'a', seq: 5 }]);
    bus.wake([{ taskId: 'a', seq: 3 }]);
    expect(heard).toEqual([]);
    await turn();
    bus.wake([{ taskId: 'a', seq: 6 }]);
    await turn();
    expect(heard).toEqual([
      [
        { taskId: 'a', seq: 5 },
        { taskId: 'b', seq: 7 },
      ],
      [{ taskId: 'a', seq: 6 }],
    ]);
  });

  it('calls all listeners although one throws, and none that left', async () => {
    const error = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    const bus = new InProcessEventBus();
    const [stays, left] = [jest.fn(), jest.fn()];
    bus.onWake(() => {
      throw new Error('boom');
    });
    bus.onWake(stays);
    bus.onWake(left)();
    bus.wake([{ taskId: 'a', seq: 1 }]);
    await turn();
    expect([stays.mock.calls.length, left.mock.calls.length, error.mock.calls.length]).toEqual([1, 0, 1]);
    error.mockRestore();
  });

  it('is silent after close', async () => {
    const bus = new InProcessEventBus();
    const listener = jest.fn();
    bus.onWake(listener);
    bus.wake([{ taskId: 'a', seq: 1 }]);
    await bus.close();
    bus.wake([{ taskId: 'a', seq: 2 }]);
    await turn();
    expect(listener).not.toHaveBeenCalled();
  });
});
