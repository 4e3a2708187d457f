import { afterEach, describe, expect, it } from '@jest/globals';
import { Injectable, Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { A2aClient } from '../a2a.client.js';
import { task } from '../testing/events.js';
import { result, ScriptedAgent } from '../testing/scripted-agent.js';
import { A2aClientModule } from './a2a-client.module.js';
import type { A2aClientAgent } from './a2a-client.options.js';
import { getA2aClientToken, InjectA2aClient } from './inject-a2a-client.decorator.js';

@Injectable()
class Planner {
  constructor(
    @InjectA2aClient('weather') readonly weather: A2aClient,
    @InjectA2aClient('maps') readonly maps: A2aClient,
  ) {}
}

@Module({ providers: [Planner] })
class TripsModule {}

@Injectable()
class Settings {
  readonly agents: Record<'weather' | 'maps', A2aClientAgent> = {
    weather: { url: 'https://weather.example' },
    maps: { url: 'https://maps.example' },
  };
}

@Module({ providers: [Settings], exports: [Settings] })
class SettingsModule {}

let app: TestingModule | undefined;
let agent: ScriptedAgent | undefined;

afterEach(async () => {
  await app?.close();
  await agent?.close();
  app = agent = undefined;
});

const agents = new Settings().agents;
const compile = async (
  ...imports: NonNullable<Parameters<typeof Test.createTestingModule>[0]['imports']>
): Promise<TestingModule> => {
  app = await Test.createTestingModule({ imports }).compile();
  await app.init();
  return app;
};

describe('A2aClientModule', () => {
  it('gives every module a client by its name, the same one each time', async () => {
    const made = await compile(A2aClientModule.forRoot({ agents }), TripsModule);
    const { weather, maps } = made.get(Planner, { strict: false });
    expect(weather).toBeInstanceOf(A2aClient);
    expect(maps).not.toBe(weather);
    expect(made.get(getA2aClientToken('weather'), { strict: false })).toBe(weather);
  });

  it('takes its options from other providers', async () => {
    const module = A2aClientModule.forRootAsync({
      names: ['weather', 'maps'],
      imports: [SettingsModule],
      inject: [Settings],
      useFactory: async (settings: Settings) => ({ agents: settings.agents }),
    });
    expect((await compile(module, TripsModule)).get(Planner, { strict: false }).maps).toBeInstanceOf(A2aClient);
  });

  it('keeps to the modules that import it when it is not global', async () => {
    const module = A2aClientModule.forRoot({ agents, isGlobal: false });
    await expect(compile(module, TripsModule)).rejects.toThrow('A2aClient:weather');
  });

  it.each([
    ['there is no address', {}, "agent 'maps' needs a url"],
    [
      'the address is none',
      { url: 'maps' },
      "agent 'maps': The address of an agent must be an absolute http or https URL",
    ],
    ['an option does not exist', { url: 'https://maps.example', retries: 5 }, "agent 'maps': retries is not an option"],
    [
      'a limit makes no sense',
      { url: 'https://maps.example', limits: { attempts: -1 } },
      "agent 'maps': limits.attempts must be",
    ],
  ])('fails at boot, by name, when %s', async (_name, maps, message) => {
    await expect(compile(A2aClientModule.forRoot({ agents: { ...agents, maps } }))).rejects.toThrow(message);
  });

  it('fails at boot when the factory describes other agents than those to inject', async () => {
    const useFactory = () => ({ agents: { weather: agents.weather } as typeof agents });
    const module = A2aClientModule.forRootAsync({ names: ['weather', 'maps'], useFactory });
    await expect(compile(module)).rejects.toThrow("the options have no agent 'maps'");
  });

  it('asks no agent before it is called, has common options, and closes its clients with the application', async () => {
    agent = await ScriptedAgent.start((call) => result(call, task('TASK_STATE_COMPLETED')));
    const url = agent.url;
    const made = await compile(
      A2aClientModule.forRoot({
        agents: { ...agents, weather: { url, headers: { 'x-own': 'own' } } },
        defaults: { allow: ['127.0.0.1'], headers: { 'x-common': 'common' } },
      }),
      TripsModule,
    );
    const { weather } = made.get(Planner, { strict: false });
    expect([agent.cardCalls.length, agent.calls.length]).toEqual([0, 0]);
    await weather.sendMessage('hi');
    expect(agent.calls[0]?.headers).toMatchObject({ 'x-own': 'own' });
    expect(agent.calls[0]?.headers).not.toHaveProperty('x-common');
    await made.close();
    await expect(weather.sendMessage('hi')).rejects.toThrow('The client is closed.');
  });
});
