import { describe, expect, it } from '@jest/globals';
import {
  type CallHandler,
  type CanActivate,
  Controller,
  Injectable,
  type NestInterceptor,
  Scope,
  type Type,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { agentApp, agentOptions, moduleOf } from '../../test/support/agent-app.js';
import { A2aAgent } from './a2a-agent.decorator.js';
import type { A2aAgentOptions } from './agent-options.js';
import { AgentConfigurationError } from './agent.validator.js';

async function problemsOf(...imports: Type[]): Promise<readonly string[]> {
  const error: unknown = await agentApp({ imports }).then(
    (app) => app.close(),
    (thrown: unknown) => thrown,
  );
  if (error instanceof AgentConfigurationError) return error.problems;
  throw new Error('the application started, or failed otherwise', { cause: error });
}

@A2aAgent(agentOptions('shop', { default: true }))
class ShopAgent {
  execute(): void {}
}

const ShopModule = moduleOf('ShopModule', { providers: [ShopAgent] });

describe('at boot, AgentsModule refuses', () => {
  it('two agents with one id, naming both classes', async () => {
    @A2aAgent(agentOptions('shop'))
    class OtherShop {
      execute(): void {}
    }
    const OtherModule = moduleOf('OtherModule', { providers: [OtherShop] });
    expect(await problemsOf(ShopModule, OtherModule)).toEqual([
      "the id 'shop' is used by OtherShop (in OtherModule) and ShopAgent (in ShopModule): an id names one agent and its address, /agents/shop; change all but one.",
    ]);
  });

  it('an agent provided by two modules, naming them', async () => {
    const SecondModule = moduleOf('SecondModule', { providers: [ShopAgent] });
    expect(await problemsOf(ShopModule, SecondModule)).toEqual([
      "ShopAgent (agent 'shop') is provided 2 times, by ShopModule, SecondModule: list it in one module, export it and import that module.",
    ]);
  });

  it('two default agents', async () => {
    @A2aAgent(agentOptions('main', { default: true }))
    class MainAgent {
      execute(): void {}
    }
    const MainModule = moduleOf('MainModule', { providers: [MainAgent] });
    expect(await problemsOf(ShopModule, MainModule)).toEqual([
      'MainAgent (in MainModule) and ShopAgent (in ShopModule) all have default: true, but only one agent is served at the root: keep it on one.',
    ]);
  });

  it('a class without execute, or with members of these names that are no methods', async () => {
    @(A2aAgent(agentOptions('empty')) as ClassDecorator)
    class EmptyAgent {
      execute = 'soon';
      cancel = true;
      extendedAgentCard = {};
    }
    const EmptyModule = moduleOf('EmptyModule', { providers: [EmptyAgent] });
    expect(await problemsOf(EmptyModule)).toEqual([
      'EmptyAgent (in EmptyModule): it has no method execute: add execute(context, updater), or async *execute(context).',
      'EmptyAgent (in EmptyModule): its member cancel is not a method: make it cancel(context, updater), or rename it.',
      'EmptyAgent (in EmptyModule): its member extendedAgentCard is not a method: make it extendedAgentCard(card, caller), or rename it.',
    ]);
  });

  it.each([
    ['above', [Injectable({ scope: Scope.REQUEST }), A2aAgent(agentOptions('scoped'))]],
    ['below', [A2aAgent(agentOptions('scoped')), Injectable({ scope: Scope.REQUEST })]],
  ] as const)('a request-scoped agent, with @Injectable() %s', async (_where, [outer, inner]) => {
    @outer
    @inner
    class ScopedAgent {
      execute = (): void => undefined;
    }
    const ScopedModule = moduleOf('ScopedModule', { providers: [ScopedAgent] });
    expect(await problemsOf(ScopedModule)).toEqual([
      'ScopedAgent (in ScopedModule): it is request-scoped (Scope.REQUEST), but agents run without a request, also after a crash and ' +
        'on other replicas, so one instance serves all runs: make it a singleton, and read data of the call from the RequestContext.',
    ]);
  });

  it('a transient agent', async () => {
    @A2aAgent(agentOptions('fleeting'))
    @Injectable({ scope: Scope.TRANSIENT })
    class FleetingAgent {
      execute(): void {}
    }
    const FleetingModule = moduleOf('FleetingModule', { providers: [FleetingAgent] });
    expect(await problemsOf(FleetingModule)).toEqual([
      expect.stringMatching(
        /^FleetingAgent \(in FleetingModule\): it is transient \(Scope.TRANSIENT\), but .* make it a singleton/,
      ),
    ]);
  });

  it('an agent with a request-scoped dependency or guard, naming it', async () => {
    @Injectable({ scope: Scope.REQUEST })
    class Cart {}
    @Injectable()
    class Till {
      constructor(readonly cart: Cart) {}
    }
    @Injectable({ scope: Scope.REQUEST })
    class CartGuard implements CanActivate {
      canActivate = (): boolean => true;
    }
    @A2aAgent(agentOptions('deep'))
    class DeepAgent {
      constructor(readonly till: Till) {}
      execute(): void {}
    }
    @A2aAgent(agentOptions('guarded'))
    @UseGuards(CartGuard)
    class GuardedAgent {
      execute(): void {}
    }
    const CartModule = moduleOf('CartModule', { providers: [Cart, Till, DeepAgent, GuardedAgent] });
    expect(await problemsOf(CartModule)).toEqual([
      expect.stringContaining('DeepAgent (in CartModule): it depends on Cart, which is request-scoped, but'),
      expect.stringContaining('GuardedAgent (in CartModule): it depends on CartGuard, which is request-scoped, but'),
    ]);
  });

  it('an agent that is a controller', async () => {
    @Controller()
    @A2aAgent(agentOptions('routed'))
    class RoutedAgent {
      execute(): void {}
    }
    const RoutedModule = moduleOf('RoutedModule', { controllers: [RoutedAgent] });
    expect(await problemsOf(RoutedModule)).toEqual([
      'RoutedAgent (in RoutedModule): it is listed in controllers: an agent has no routes of its own; list it in providers.',
    ]);
  });

  it('an agent provided as a value, whose guards Nest would leave out', async () => {
    @Injectable()
    class Guard implements CanActivate {
      canActivate = (): boolean => false;
    }
    @Injectable()
    class Around implements NestInterceptor {
      intercept = (_context: unknown, next: CallHandler) => next.handle();
    }
    @A2aAgent(agentOptions('value'))
    @UseGuards(Guard)
    class ValueAgent {
      @UseInterceptors(Around)
      execute(): void {}
    }
    const ValueModule = moduleOf('ValueModule', { providers: [{ provide: ValueAgent, useValue: new ValueAgent() }] });
    expect(await problemsOf(ValueModule)).toEqual([
      'ValueAgent (in ValueModule): Nest has no instance of Guard, Around and would skip it: ' +
        'provide the agent as a class (in providers, or by useClass), not as a value.',
    ]);
  });

  it('all agents at once: one error with every problem', async () => {
    @A2aAgent({ id: 'Wrong Id', description: '', skills: [] })
    class WrongAgent {
      execute(): void {}
    }
    @A2aAgent(undefined as unknown as A2aAgentOptions)
    class BareAgent {
      execute(): void {}
    }
    const WrongModule = moduleOf('WrongModule', { providers: [WrongAgent, BareAgent] });
    await expect(agentApp({ imports: [WrongModule] })).rejects.toThrow(
      'There are 6 problems with the agents of this application:\n' +
        "  - BareAgent (in WrongModule): id is missing: use 1 to 63 of a-z, 0-9 and '-', not starting with '-'.\n" +
        '  - BareAgent (in WrongModule): description is missing: give a non-empty string.\n' +
        '  - BareAgent (in WrongModule): skills is missing: describe at least one, as { id, name, description, tags }.\n' +
        "  - WrongAgent (in WrongModule): id is \"Wrong Id\": use 1 to 63 of a-z, 0-9 and '-', not starting with '-'.\n" +
        '  - WrongAgent (in WrongModule): description is "": give a non-empty string.\n' +
        '  - WrongAgent (in WrongModule): skills is []: describe at least one, as { id, name, description, tags }.',
    );
  });
});
