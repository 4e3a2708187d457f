import type { CanActivate, ExecutionContext, Provider } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { IncomingMessage } from 'node:http';
import type { ConformanceArguments, ConformanceSuite } from '../../src/service/configuration/service-arguments.js';
import type { ServiceModuleOptions } from '../../src/service/configuration/service-module-options.js';
import { ANONYMOUS } from '../../src/security/call-context.js';
import { setA2aPrincipal } from '../../src/security/principal.js';
import type { GrpcCall } from '../../src/transports/grpc/grpc.options.js';
import { conformanceAgent } from './conformance.agent.js';

/** The suites have no credentials to send, and ask for the extended card: every caller counts as this one. */
const SUITE = { owner: 'conformance-suite' };

const CARD = '/.well-known/agent-card.json';

/** Here the v0.3 suite wants to hear that it has to log in. */
const V03_EXTENDED_CARD = '/v1/card';
const V03_EXTENDED_CARD_RPC = '/a2a.v1.A2AService/GetAgentCard';

/** Lets the suites' requests say what they mean. */
class SuiteGuard implements CanActivate {
  constructor(private readonly suite?: ConformanceSuite) {}

  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<IncomingMessage>();
    if (request.url !== V03_EXTENDED_CARD) setA2aPrincipal(request, SUITE);
    // What accepts anything gets application/a2a+json from HTTP+JSON; the v1.0 suite takes application/json alone.
    if (request.headers.accept === '*/*') request.headers.accept = 'application/json';
    // The schemas of the v1.0 suite refuse a card that holds the members of both versions.
    if (this.suite && request.url === CARD) request.headers['a2a-version'] ??= this.suite;
    return true;
  }
}

export const conformanceProviders = ({ card, suite }: ConformanceArguments): Provider[] => [
  conformanceAgent(card),
  { provide: APP_GUARD, useFactory: () => new SuiteGuard(suite) },
];

/** What the suites need of the server: the options of the service with these changes. */
export function forConformance(options: ServiceModuleOptions, { suite }: ConformanceArguments): ServiceModuleOptions {
  const { http, execution, grpc } = options;
  return {
    ...options,
    // The v0.3 suite looks at tasks that message/send has just started.
    http: { ...http, v03Blocking: false },
    // Both suites use messageIds again, and expect another task.
    execution: { ...execution, deduplicateMessages: false },
    grpc: grpc && {
      ...grpc,
      // The v0.3 suite reads the address of gRPC as a URL.
      ...(suite === '0.3' && { cardUrlScheme: 'http' as const }),
      authenticate: ({ path }: GrpcCall) => (path === V03_EXTENDED_CARD_RPC ? { owner: ANONYMOUS } : SUITE),
    },
  };
}
