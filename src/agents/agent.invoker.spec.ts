import { afterEach, describe, expect, it } from '@jest/globals';
import type { Provider } from '@nestjs/common';
import type { TestingModule } from '@nestjs/testing';
import { setImmediate as tick } from 'node:timers/promises';
import { of } from 'rxjs';
import { agentApp, agentOptions, moduleOf, oneAgent, registryOf } from '../../test/support/agent-app.js';
import { agentRun } from '../testing/agent-run.js';
import { A2aAgent } from './a2a-agent.decorator.js';
import type { AgentEvents } from './agent-event-draft.js';
import type { AgentEvent } from './agent-executor.interface.js';
import type { RegisteredAgent } from './agent-registry.interface.js';
import type { RequestContext } from './request-context.js';
import { TaskUpdater } from './task-updater.js';

const options = agentOptions('shop');

/** What agents did, in order; each test starts with an empty one. */
const steps: string[] = [];

class Rules {
  allows(owner: string): boolean {
    return owner === 'alice';
  }
}

let app: TestingModule | undefined;

async function agentOf(provider: Provider): Promise<RegisteredAgent> {
  steps.length = 0;
  const booted = await oneAgent([provider, Rules]);
  app = booted.app;
  return booted.agent;
}

afterEach(async () => {
  await app?.close();
  app = undefined;
});

describe('AgentInvoker', () => {
  it('calls execute on the instance with the context and the updater', async () => {
    @A2aAgent(options)
    class Shop {
      constructor(readonly rules: Rules) {}
      async execute(context: RequestContext, updater: TaskUpdater): Promise<void> {
        await updater.complete(`${context.userText} ${this.rules.allows('alice')}`);
      }
    }
    const { context, updater, sink } = agentRun();
    await (await agentOf(Shop)).execute(context, updater);
    expect(sink.brief).toEqual(['COMPLETED']);
    expect(sink.events[0]).toMatchObject({ statusUpdate: { status: { message: { parts: [{ text: 'hi true' }] } } } });
  });

  it('takes an execute that is a property of the instance, or returns nothing at once', async () => {
    @A2aAgent(options)
    class Shop {
      execute = (_context: RequestContext, updater: TaskUpdater): void => void updater.complete();
    }
    const { context, updater, sink } = agentRun();
    await (await agentOf(Shop)).execute(context, updater);
    expect(sink.brief).toEqual(['COMPLETED']);
  });

  it('rejects with what the agent throws, unchanged', async () => {
    const error = new Error('no model');
    @A2aAgent(options)
    class Shop {
      execute(): void {
        throw error;
      }
    }
    const { context, updater } = agentRun();
    await expect((await agentOf(Shop)).execute(context, updater)).rejects.toBe(error);
  });

  it('leaves the logging of a failure to its caller', async () => {
    @A2aAgent(options)
    class Shop {
      execute(): void {
        throw new Error('no model');
      }
    }
    const logged: unknown[] = [];
    const keep = (...line: unknown[]): void => void logged.push(line);
    app = await agentApp({ imports: [moduleOf('ShopModule', { providers: [Shop] })] }, undefined, {
      log: () => undefined,
      warn: keep,
      error: keep,
    });
    const { context, updater } = agentRun();
    await expect(registryOf(app).get('shop')?.execute(context, updater)).rejects.toThrow('no model');
    expect(logged).toEqual([]);
  });

  it('waits for events that the agent did not await, also when it throws', async () => {
    @A2aAgent(options)
    class Shop {
      async execute(_context: RequestContext, updater: TaskUpdater): Promise<void> {
        for (const text of ['a', 'b', 'c']) void updater.addArtifact(text);
        throw new Error('and fails');
      }
    }
    const accepted: AgentEvent[] = [];
    const emit = async (event: AgentEvent): Promise<void> => {
      await tick();
      accepted.push(event);
    };
    const updater = new TaskUpdater({ emit }, 'task-1', 'context-1');
    await expect((await agentOf(Shop)).execute(agentRun().context, updater)).rejects.toThrow('and fails');
    expect(accepted).toHaveLength(3);
  });

  it('does not start an agent whose run is aborted', async () => {
    @A2aAgent(options)
    class Shop {
      execute(): void {
        steps.push('executed');
      }
    }
    const { context, updater, abort } = agentRun();
    abort.abort(new Error('over'));
    await expect((await agentOf(Shop)).execute(context, updater)).rejects.toThrow('over');
    expect(steps).toEqual([]);
  });

  it.each([
    ['a synchronous iterable', (): unknown => ['x']],
    ['an Observable', (): unknown => of('x')],
  ])('refuses %s as the result of execute: its events would be lost', async (text, execute) => {
    @A2aAgent(options)
    class Shop {
      execute(): void {
        return execute() as void;
      }
    }
    const { context, updater } = agentRun();
    await expect((await agentOf(Shop)).execute(context, updater)).rejects.toThrow(
      `execute() of Shop returned ${text}: report through the updater`,
    );
  });

  describe('cancel', () => {
    it('is called on the instance with the context and the updater', async () => {
      @A2aAgent(options)
      class Shop {
        readonly text = 'given back';
        execute(): void {}
        async cancel(_context: RequestContext, updater: TaskUpdater): Promise<void> {
          await updater.cancel(this.text);
        }
      }
      const { context, updater, sink, abort } = agentRun();
      abort.abort(new Error('canceled'));
      await (await agentOf(Shop)).cancel?.(context, updater);
      expect(sink.brief).toEqual(['CANCELED']);
    });

    it('is absent when the agent has none', async () => {
      @A2aAgent(options)
      class Shop {
        execute(): void {}
      }
      expect((await agentOf(Shop)).cancel).toBeUndefined();
    });

    it('must not be a generator', async () => {
      @(A2aAgent(options) as ClassDecorator)
      class Shop {
        execute(): void {}
        async *cancel(): AgentEvents {
          yield 'never read';
        }
      }
      const { context, updater } = agentRun();
      await expect((await agentOf(Shop)).cancel?.(context, updater)).rejects.toThrow(
        'cancel() of Shop must not be a generator',
      );
    });
  });
});
