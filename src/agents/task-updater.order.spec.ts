import { describe, expect, it } from '@jest/globals';
import { setImmediate as tick } from 'node:timers/promises';
import { agentRun } from '../testing/agent-run.js';
import type { AgentEvent, AgentEventSink } from './agent-executor.interface.js';
import { TaskUpdater } from './task-updater.js';

/** Accepts an event when it is told to. */
class GatedSink implements AgentEventSink {
  readonly seen: AgentEvent[] = [];
  readonly #waiting: { accept: () => void; refuse: (error: Error) => void }[] = [];

  emit(event: AgentEvent): Promise<void> {
    this.seen.push(event);
    return new Promise((accept, refuse) => this.#waiting.push({ accept, refuse }));
  }

  async accept(): Promise<void> {
    this.#waiting.shift()?.accept();
    await tick();
  }

  async refuse(error: Error): Promise<void> {
    this.#waiting.shift()?.refuse(error);
    await tick();
  }
}

describe('TaskUpdater, when the sink takes its time', () => {
  it('can end the task otherwise when its final event was refused', async () => {
    const sink = new GatedSink();
    const updater = new TaskUpdater(sink, 'task-1', 'context-1');
    const completed = updater.complete('far too long');
    await sink.refuse(new Error('too large'));
    await expect(completed).rejects.toThrow('too large');
    expect(updater.ended).toBe(false);
    const failed = updater.failed();
    await sink.accept();
    await failed;
    expect(updater.ended).toBe(true);
  });

  it('can still reply when the event before was refused', async () => {
    const sink = new GatedSink();
    const updater = new TaskUpdater(sink, 'task-1', 'context-1');
    const working = updater.startWork();
    await sink.refuse(new Error('no'));
    await expect(working).rejects.toThrow('no');
    const replied = updater.reply('hello');
    await sink.accept();
    await expect(replied).resolves.toBeUndefined();
  });

  it('offers events one at a time, in the order of the calls', async () => {
    const sink = new GatedSink();
    const updater = new TaskUpdater(sink, 'task-1', 'context-1');
    const verbs = [updater.startWork(), updater.addArtifact('a'), updater.addArtifact('b'), updater.complete()];
    const kinds = () =>
      sink.seen.map((event) => ('artifactUpdate' in event ? event.artifactUpdate.artifact.parts : Object.keys(event)));
    await tick();
    expect(kinds()).toEqual([['statusUpdate']]);
    await sink.accept();
    expect(kinds()).toEqual([['statusUpdate'], [{ text: 'a' }]]);
    for (let i = 0; i < 3; i++) await sink.accept();
    await Promise.all(verbs);
    expect(kinds()).toEqual([['statusUpdate'], [{ text: 'a' }], [{ text: 'b' }], ['statusUpdate']]);
  });

  it('goes on with the next event when one is refused', async () => {
    const sink = new GatedSink();
    const updater = new TaskUpdater(sink, 'task-1', 'context-1');
    const [first, second] = [updater.addArtifact('a'), updater.addArtifact('b', { artifactId: 'b' })];
    await sink.refuse(new Error('no'));
    await sink.accept();
    await expect(first).rejects.toThrow('no');
    await expect(second).resolves.toBe('b');
  });

  it('limits the events that wait, and names the remedy', async () => {
    const sink = new GatedSink();
    const updater = new TaskUpdater(sink, 'task-1', 'context-1', 2);
    const verbs = [updater.addArtifact('a'), updater.addArtifact('b')];
    await expect(updater.addArtifact('c')).rejects.toThrow('await the methods of the updater');
    await sink.accept();
    verbs.push(updater.addArtifact('d'));
    await sink.accept();
    await sink.accept();
    await expect(Promise.all(verbs)).resolves.toHaveLength(3);
  });

  it('has settled when all earlier calls are accepted or refused', async () => {
    const sink = new GatedSink();
    const updater = new TaskUpdater(sink, 'task-1', 'context-1');
    void updater.addArtifact('a');
    void updater.addArtifact('b');
    let settled = false;
    const waiting = Promise.resolve(updater.settled()).then(() => (settled = true));
    await sink.accept();
    expect(settled).toBe(false);
    await sink.refuse(new Error('no'));
    await waiting;
    expect(sink.seen).toHaveLength(2);
  });

  it('turns a throw of the sink into a rejection and takes further events', async () => {
    let broken = true;
    const seen: AgentEvent[] = [];
    const emit = (event: AgentEvent): Promise<void> => {
      if (broken) throw new Error('broken');
      seen.push(event);
      return Promise.resolve();
    };
    const updater = new TaskUpdater({ emit }, 'task-1', 'context-1', 1);
    await expect(updater.startWork()).rejects.toThrow('broken');
    broken = false;
    await updater.startWork();
    expect(seen).toHaveLength(1);
  });

  it('lets no verb that nobody awaits become an unhandled rejection', async () => {
    const unhandled: unknown[] = [];
    const listen = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', listen);
    try {
      const { updater } = agentRun();
      await updater.complete();
      void updater.complete();
      void updater.addArtifact('late');
      void updater.appendArtifact('a', 'late');
      void updater.reply('late');
      await tick();
      await tick();
      expect(unhandled).toEqual([]);
    } finally {
      process.off('unhandledRejection', listen);
    }
  });
});
