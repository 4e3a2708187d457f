import { Reflector } from '@nestjs/core';

/**
 * Marks the controllers of this package, so that a guard can tell them from an application's own and, say, leave the
 * public card alone: `reflector.get(A2aRoute, context.getClass()) === 'agent-card'`.
 */
export const A2aRoute = Reflector.createDecorator<'json-rpc' | 'agent-card' | 'rest'>();
