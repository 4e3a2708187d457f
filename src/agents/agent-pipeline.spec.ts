import { afterEach, describe, expect, it } from '@jest/globals';
import {
  type ArgumentsHost,
  type CallHandler,
  type CanActivate,
  Catch,
  type ExceptionFilter,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  type Provider,
  SetMetadata,
  UnauthorizedException,
  UseFilters,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { TestingModule } from '@nestjs/testing';
import { setImmediate as tick } from 'node:timers/promises';
import { type Observable, map, of, tap } from 'rxjs';
import { agentOptions, oneAgent } from '../../test/support/agent-app.js';
import { agentRun } from '../testing/agent-run.js';
import { A2aAgent } from './a2a-agent.decorator.js';
import { getA2aContext } from './a2a-execution-context.js';
import type { AgentEvents } from './agent-event-draft.js';
import type { RegisteredAgent } from './agent-registry.interface.js';
import type { RequestContext } from './request-context.js';
import type { TaskUpdater } from './task-updater.js';

const options = agentOptions('shop');

/** What enhancers and agents did, in order; each test starts with an empty one. */
const steps: string[] = [];

@Injectable()
class Rules {
  allows(owner: string): boolean {
    return owner === 'alice';
  }
}

@Injectable()
class OwnerGuard implements CanActivate {
  constructor(
    private readonly rules: Rules,
    private readonly reflector: Reflector,
  ) {}

  canActivate(ctx: ExecutionContext): boolean {
    const { request } = getA2aContext(ctx);
    steps.push(
      `guard ${ctx.getType()} ${ctx.getClass().name}.${ctx.getHandler().name} ${this.reflector.get('role', ctx.getHandler()) ?? '-'}`,
    );
    return this.rules.allows(request.caller.owner);
  }
}

@Injectable()
class Around implements NestInterceptor {
  intercept(ctx: ExecutionContext, next: CallHandler): Observable<unknown> {
    const [request, updater] = ctx.getArgs<[RequestContext, TaskUpdater]>();
    steps.push(`before ${request.taskId} ${updater.taskId}`);
    return next.handle().pipe(tap({ complete: () => steps.push('after'), error: () => steps.push('after error') }));
  }
}

@Catch(RangeError)
class SoldOutFilter implements ExceptionFilter {
  async catch(error: RangeError, host: ArgumentsHost): Promise<void> {
    await getA2aContext(host).updater.reject(error.message);
  }
}

@Catch(SyntaxError)
class SilentFilter implements ExceptionFilter {
  catch(): void {
    steps.push('silent filter');
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

const foreign = () =>
  agentRun({
    caller: { owner: 'mallory', tenant: '', agent: 'shop', protocolVersion: '1.0', requestedExtensions: [] },
  });

describe('the pipeline of an agent', () => {
  describe('guards', () => {
    @UseGuards(OwnerGuard)
    @A2aAgent(options)
    class Shop {
      @SetMetadata('role', 'buyer')
      async *execute(): AgentEvents {
        steps.push('executed');
        yield 'sold';
      }
      cancel(): void {
        steps.push('canceled');
      }
    }

    it('let pass: they see the type a2a, the class, the method and its metadata, and have their dependencies', async () => {
      const { context, updater, sink } = agentRun();
      const agent = await agentOf(Shop);
      await agent.admit?.(context, updater);
      expect(steps).toEqual(['guard a2a Shop.execute buyer']);
      await agent.execute(context, updater);
      expect(steps).toEqual(['guard a2a Shop.execute buyer', 'executed']);
      expect(sink.brief).toEqual(['sold']);
    });

    it('deny: PERMISSION_DENIED with a text that says nothing of the guard, and the agent is not called', async () => {
      const { context, updater, sink } = foreign();
      await expect((await agentOf(Shop)).admit?.(context, updater)).rejects.toMatchObject({
        reason: 'PERMISSION_DENIED',
        message: 'You are not allowed to use this agent.',
      });
      expect(steps).toEqual(['guard a2a Shop.execute buyer']);
      expect(sink.events).toEqual([]);
    });

    it('apply to cancel too', async () => {
      const agent = await agentOf(Shop);
      const { context, updater } = foreign();
      await expect(agent.admitCancel?.(context, updater)).rejects.toMatchObject({ reason: 'PERMISSION_DENIED' });
      expect(steps).toEqual(['guard a2a Shop.cancel -']);
      // They were asked when the wish to cancel came.
      await agent.cancel?.(context, updater);
      expect(steps).toEqual(['guard a2a Shop.cancel -', 'canceled']);
    });

    it('apply when they stand on the method', async () => {
      @A2aAgent(options)
      class Guarded {
        @UseGuards(OwnerGuard)
        execute(): void {
          steps.push('executed');
        }
        cancel(): void {
          steps.push('canceled');
        }
      }
      const agent = await agentOf(Guarded);
      const { context, updater } = foreign();
      await expect(agent.admit?.(context, updater)).rejects.toMatchObject({ reason: 'PERMISSION_DENIED' });
      expect(agent).not.toHaveProperty('admitCancel');
      await agent.cancel?.(context, updater);
      expect(steps).toEqual(['guard a2a Guarded.execute -', 'canceled']);
    });

    it('apply to an agent provided under another token', async () => {
      const { context, updater } = foreign();
      const agent = await agentOf({ provide: 'TheShop', useClass: Shop });
      await expect(agent.admit?.(context, updater)).rejects.toMatchObject({ reason: 'PERMISSION_DENIED' });
    });

    it('that throw 401 give UNAUTHENTICATED with a fixed text', async () => {
      class Locked implements CanActivate {
        canActivate(): boolean {
          throw new UnauthorizedException('token of bob expired');
        }
      }
      @UseGuards(new Locked())
      @A2aAgent(options)
      class Vault {
        execute(): void {
          steps.push('executed');
        }
      }
      const { context, updater } = agentRun();
      const failure = (await agentOf(Vault)).admit?.(context, updater);
      await expect(failure).rejects.toMatchObject({
        reason: 'UNAUTHENTICATED',
        message: expect.not.stringContaining('bob'),
      });
      expect(steps).toEqual([]);
    });
  });

  describe('interceptors', () => {
    it('wrap the whole run of a generator, to its last event', async () => {
      @UseInterceptors(Around)
      @A2aAgent(options)
      class Shop {
        async *execute(): AgentEvents {
          for (const text of ['a', 'b']) {
            await tick();
            steps.push(text);
            yield text;
          }
        }
      }
      const { context, updater, sink } = agentRun();
      await (await agentOf(Shop)).execute(context, updater);
      expect(steps).toEqual(['before task-1 task-1', 'a', 'b', 'after']);
      expect(sink.brief).toEqual(['a', '+b']);
    });

    it('see the failure of a generator', async () => {
      @A2aAgent(options)
      class Shop {
        @UseInterceptors(Around)
        async *execute(): AgentEvents {
          yield 'a';
          throw new Error('no model');
        }
      }
      const { context, updater } = agentRun();
      await expect((await agentOf(Shop)).execute(context, updater)).rejects.toThrow('no model');
      expect(steps).toEqual(['before task-1 task-1', 'after error']);
    });

    it('can answer instead of the agent, and their result is not an event', async () => {
      class Cached implements NestInterceptor {
        async intercept(ctx: ExecutionContext): Promise<Observable<unknown>> {
          await getA2aContext(ctx).updater.complete('from the cache');
          return of({ statusUpdate: 'not an event' });
        }
      }
      class Wrapped implements NestInterceptor {
        intercept(_ctx: ExecutionContext, next: CallHandler): Observable<unknown> {
          return next.handle().pipe(map((data: unknown) => ({ data })));
        }
      }
      @UseInterceptors(new Wrapped(), new Cached())
      @A2aAgent(options)
      class Shop {
        execute(): void {
          steps.push('executed');
        }
      }
      const { context, updater, sink } = agentRun();
      await expect((await agentOf(Shop)).execute(context, updater)).resolves.toBeUndefined();
      expect(steps).toEqual([]);
      expect(sink.brief).toEqual(['COMPLETED']);
    });
  });

  describe('filters', () => {
    @UseFilters(SoldOutFilter, SilentFilter)
    @A2aAgent(options)
    class Shop {
      async *execute(context: RequestContext): AgentEvents {
        yield 'looking';
        if (context.userText === 'syntax') throw new SyntaxError('what?');
        throw context.userText === 'type' ? new TypeError('broken') : new RangeError('sold out');
      }
    }

    const saying = (text: string) => agentRun({ message: { messageId: 'm', role: 'ROLE_USER', parts: [{ text }] } });

    it('that return a promise handle the error: execute resolves', async () => {
      const { context, updater, sink } = saying('buy');
      await (await agentOf(Shop)).execute(context, updater);
      expect(sink.brief).toEqual(['looking', 'REJECTED']);
    });

    it('leave other errors as they are', async () => {
      const { context, updater } = saying('type');
      await expect((await agentOf(Shop)).execute(context, updater)).rejects.toThrow(TypeError);
    });

    it('that return nothing only look on: the error still fails the run', async () => {
      const { context, updater } = saying('syntax');
      await expect((await agentOf(Shop)).execute(context, updater)).rejects.toThrow(SyntaxError);
      expect(steps).toEqual(['silent filter']);
    });
  });
});
