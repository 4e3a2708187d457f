import { type CanActivate, type ExecutionContext, ForbiddenException, Injectable } from '@nestjs/common';
import type { RequestContext } from '../../src/agents/request-context.js';

/** A guard of an agent that refuses the owner mallory. */
@Injectable()
export class NotMallory implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const [{ caller }] = context.getArgs<[RequestContext]>();
    if (caller.owner === 'mallory') throw new ForbiddenException();
    return true;
  }
}
