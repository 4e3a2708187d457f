import { afterEach, describe, expect, it } from '@jest/globals';
import { Injectable, Module, Scope } from '@nestjs/common';
import { lastValueFrom, toArray } from 'rxjs';
import { A2aAgentTasks, A2aModule, InjectA2aAgent, getA2aAgentToken } from '../src/index.js';
import { Test } from '@nestjs/testing';
import { agentOf } from './support/agent-of.js';
import { TestApp } from './support/test-app.js';

const greeter = agentOf(async (_context, updater) => void (await updater.addArtifact('Hello')), { id: 'greeter' });

@Injectable()
class Desk {
  constructor(@InjectA2aAgent('greeter') readonly greeter: A2aAgentTasks) {}
}

@Injectable({ scope: Scope.REQUEST })
class Visit {
  constructor(@InjectA2aAgent('greeter') readonly greeter: A2aAgentTasks) {}
}

/** No application provides it. */
class Unused {
  @InjectA2aAgent('not-here') readonly agent!: A2aAgentTasks;
}

@Injectable()
class Lost {
  @InjectA2aAgent('greter') readonly agent!: A2aAgentTasks;
}

@Module({ imports: [A2aModule.forRoot()], providers: [greeter], exports: [A2aModule] })
class AgentsModule {}

@Module({ imports: [AgentsModule], providers: [Desk] })
class DeskModule {}

const alice = { owner: 'alice' };

describe('@InjectA2aAgent()', () => {
  let server: TestApp | undefined;
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  it('injects the calls of one agent, for the caller of each call', async () => {
    server = await TestApp.start({ agents: [greeter, Desk, Visit] });
    const { greeter: agent } = server.app.get(Desk);
    expect([agent.agent, agent instanceof A2aAgentTasks]).toEqual(['greeter', true]);
    const answer = await agent.send('Hi', alice);
    if (!('task' in answer)) throw new Error('It answered with a Message.');
    const { id } = answer.task;
    expect(await agent.get(id, alice, { historyLength: 0 })).toMatchObject({ id, artifacts: [{}] });
    expect((await agent.list({}, alice)).tasks.map((task) => task.id)).toEqual([id]);
    const events = await lastValueFrom(agent.events$(id, alice, { after: 1 }).pipe(toArray()));
    expect(events[0]?.seq).toBe(2);
    expect((await lastValueFrom(agent.stream('Hi', alice).pipe(toArray()))).at(-1)?.event).toHaveProperty(
      'statusUpdate',
    );
    await expect(agent.get(id, { owner: 'bob' })).rejects.toMatchObject({ reason: 'TASK_NOT_FOUND' });
    await expect(agent.cancel(id, { owner: 'bob' })).rejects.toMatchObject({ reason: 'TASK_NOT_FOUND' });
    expect((await server.app.resolve(Visit)).greeter.agent).toBe('greeter');
  });

  it('fails at boot, by name, if there is no such agent', async () => {
    expect(Unused).toBeDefined();
    const started = TestApp.start({ agents: [greeter, Lost] });
    await expect(started).rejects.toThrow(
      "Lost: @InjectA2aAgent('greter') names no agent of this application. There is: 'greeter'.",
    );
  });

  it('reaches other modules through the exports of A2aModule, and can be overridden in a test', async () => {
    const module = await Test.createTestingModule({ imports: [DeskModule] })
      .overrideProvider(getA2aAgentToken('greeter'))
      .useValue({ agent: 'fake' })
      .compile();
    expect(module.get(Desk, { strict: false }).greeter).toEqual({ agent: 'fake' });
    const real = await Test.createTestingModule({ imports: [DeskModule] }).compile();
    expect(real.get(Desk, { strict: false }).greeter.agent).toBe('greeter');
    await real.close();
  });
});
