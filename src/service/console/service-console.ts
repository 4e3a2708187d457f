import type { DynamicModule, Provider } from '@nestjs/common';
import type { AdminAuthorizer } from '../../admin/access/admin.authorizer.js';
import { consoleModule } from '../../console/a2a-console.module.js';
import { A2A_AUTHENTICATION, type Authentication } from '../../security/authentication/authentication.js';
import { operatorAuthorization } from '../admin/operator.authorizer.js';
import { adminToken } from '../configuration/admin-token.js';
import { consoleUsers } from '../configuration/console.environment.js';
import type { Environment } from '../configuration/environment.js';

const OPERATORS = Symbol('ConsoleOperators');

/** The console of the service. On this machine it may change things, and plays a first task; beyond, it shows operators what there is. */
export function serviceConsole(environment: Environment, lab: boolean): DynamicModule[] {
  const users = consoleUsers(environment);
  if (users === 'nobody') return [];
  const { A2A_TRACE_URL: traceUrl } = environment;
  if (users === 'this machine') return [consoleModule({ firstTask: 'play', traceUrl }, lab)];
  return [consoleModule({ authorize: { provider: OPERATORS }, traceUrl }, lab)];
}

/** Decides who is an operator, where that matters. */
export function consoleOperators(environment: Environment): Provider[] {
  if (consoleUsers(environment) !== 'operators') return [];
  const proofs = { token: adminToken(environment), role: environment.A2A_ADMIN_ROLE };
  return [
    {
      provide: OPERATORS,
      inject: [{ token: A2A_AUTHENTICATION, optional: true }],
      useFactory: (authentication?: Authentication): AdminAuthorizer => {
        const authorize = operatorAuthorization({ ...proofs, authentication });
        // Checked with the environment: without a token and a role there is no such console.
        if (typeof authorize !== 'function')
          throw new Error('The console needs A2A_ADMIN_TOKEN_FILE or A2A_ADMIN_ROLE.');
        return { authorize };
      },
    },
  ];
}
