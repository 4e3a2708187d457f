import { expect, it } from '@jest/globals';
import {
  type CanActivate,
  Catch,
  Controller,
  type ExceptionFilter,
  Injectable,
  type NestInterceptor,
  Scope,
  UseFilters,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { NEST_METADATA } from './nest-metadata.js';

class Guard implements CanActivate {
  canActivate = (): boolean => true;
}

class Interceptor implements NestInterceptor {
  intercept: NestInterceptor['intercept'] = (_, next) => next.handle();
}

@Catch()
class Filter implements ExceptionFilter {
  catch(): void {}
}

@UseGuards(Guard)
@UseInterceptors(Interceptor)
@UseFilters(Filter)
@Injectable({ scope: Scope.REQUEST })
class Decorated {}

@Controller('hooks')
class Routed {}

it.each([
  ['guards', [Guard]],
  ['interceptors', [Interceptor]],
  ['filters', [Filter]],
  ['scope', { scope: Scope.REQUEST }],
] as const)('has the key under which the decorators of the installed Nest keep %s', (name, value) => {
  expect(Reflect.getMetadata(NEST_METADATA[name], Decorated)).toEqual(value);
});

it('has the key under which they keep a path', () => {
  expect(Reflect.getMetadata(NEST_METADATA.path, Routed)).toBe('hooks');
});
