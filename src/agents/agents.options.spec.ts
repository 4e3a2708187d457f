import { describe, expect, it } from '@jest/globals';
import {
  type CallHandler,
  type CanActivate,
  Catch,
  type ExceptionFilter,
  type ExecutionContext,
  type NestInterceptor,
  UseGuards,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import type { Observable } from 'rxjs';
import { agentOptions, oneAgent } from '../../test/support/agent-app.js';
import { agentRun } from '../testing/agent-run.js';
import { A2aAgent } from './a2a-agent.decorator.js';
import type { AgentsModuleOptions } from './agents.options.js';

const steps: string[] = [];

@Catch()
class Global implements CanActivate, NestInterceptor, ExceptionFilter {
  canActivate(ctx: ExecutionContext): boolean {
    steps.push(`global guard ${ctx.getType()}`);
    return true;
  }

  intercept(_ctx: ExecutionContext, next: CallHandler): Observable<unknown> {
    steps.push('global interceptor');
    return next.handle();
  }

  catch(error: unknown): never {
    steps.push('global filter');
    throw error;
  }
}

class OwnGuard implements CanActivate {
  canActivate(): boolean {
    return steps.push('own guard') > 0;
  }
}

@UseGuards(OwnGuard)
@A2aAgent(agentOptions('shop'))
class Shop {
  execute(): void {
    throw new Error('no model');
  }
}

const globals = [APP_GUARD, APP_INTERCEPTOR, APP_FILTER].map((provide) => ({ provide, useClass: Global }));

describe('global guards, interceptors and filters', () => {
  it.each<[string, AgentsModuleOptions | undefined, string[]]>([
    ['stay away from agents by default; the own ones apply', undefined, ['own guard']],
    ['stay away from agents with inheritAppConfig: false', { inheritAppConfig: false }, ['own guard']],
    [
      'run around agents with inheritAppConfig: true, before the own ones',
      { inheritAppConfig: true },
      ['global guard a2a', 'own guard', 'global interceptor', 'global filter'],
    ],
  ])('%s', async (_name, options, expected) => {
    steps.length = 0;
    const { app, agent } = await oneAgent([Shop], options, globals);
    try {
      const { context, updater } = agentRun();
      await agent.admit?.(context, updater);
      await expect(agent.execute(context, updater)).rejects.toThrow('no model');
      expect(steps).toEqual(expected);
    } finally {
      await app.close();
    }
  });
});
