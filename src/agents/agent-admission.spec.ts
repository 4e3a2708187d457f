import { afterEach, describe, expect, it } from '@jest/globals';
import { type CanActivate, Catch, type ExceptionFilter, UseFilters, UseGuards } from '@nestjs/common';
import type { TestingModule } from '@nestjs/testing';
import { agentOptions, oneAgent } from '../../test/support/agent-app.js';
import { agentRun } from '../testing/agent-run.js';
import { A2aAgent } from './a2a-agent.decorator.js';

class Refuses implements CanActivate {
  canActivate(): boolean {
    return false;
  }
}

@Catch()
class HandlesAll implements ExceptionFilter {
  async catch(): Promise<string> {
    return 'handled';
  }
}

describe('the admission of a message by the guards of an agent', () => {
  let app: TestingModule | undefined;
  afterEach(() => app?.close());

  it('is not there without guards, so that it costs nothing', async () => {
    @A2aAgent(agentOptions('shop'))
    class Open {
      execute(): void {}
    }
    const booted = await oneAgent([Open]);
    app = booted.app;
    expect(booted.agent).not.toHaveProperty('admit');
    expect(booted.agent).not.toHaveProperty('admitCancel');
  });

  it('is refused by a guard, also when a filter handles every error', async () => {
    @UseGuards(new Refuses())
    @UseFilters(new HandlesAll())
    @A2aAgent(agentOptions('shop'))
    class Shop {
      execute(): void {}
    }
    const booted = await oneAgent([Shop]);
    app = booted.app;
    const { context, updater } = agentRun();
    await expect(booted.agent.admit?.(context, updater)).rejects.toMatchObject({ reason: 'PERMISSION_DENIED' });
  });
});
