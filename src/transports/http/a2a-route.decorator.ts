import { Reflector } from '@nestjs/core';

/**
 * Marks the controllers of this package, so that a guard can distinguish them from an application's own and, for example, skip
 * the public card: `reflector.get(A2aRoute, context.getClass()) === 'agent-card'`.
 */
export const A2aRoute = Reflector.createDecorator<'json-rpc' | 'agent-card' | 'rest' | 'event-source'>();
