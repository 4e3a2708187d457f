import { isLoopbackHost } from '../../common/loopback.js';
import { hasOperators } from './admin-token.js';
import { identifiesCallers } from './auth.environment.js';
import { consoleUsers } from './console.environment.js';
import type { Environment } from './environment.js';
import { tlsNames } from './tls.environment.js';

/** The variables that have no effect without ADMIN_PORT. */
const DEPENDENT = [
  'ADMIN_HOST',
  ...Object.values(tlsNames('ADMIN_')),
  'A2A_ADMIN_TOKEN_FILE',
  'A2A_ADMIN_ROLE',
  'A2A_ADMIN_READ_ONLY',
] as const;

/** Of those, the variables that the console uses too, where others than this machine may use it. */
const OF_CONSOLE = new Set<string>(['A2A_ADMIN_TOKEN_FILE', 'A2A_ADMIN_ROLE']);

/** Required if other machines can connect: a proof that the caller is an operator. */
export function adminProblems(environment: Environment): string[] {
  const { ADMIN_PORT, ADMIN_HOST, A2A_ADMIN_TOKEN_FILE, A2A_ADMIN_ROLE } = environment;
  if (!hasOperators(environment)) return [];
  const problems: string[] = [];
  const isUnproven = A2A_ADMIN_TOKEN_FILE === undefined && A2A_ADMIN_ROLE === undefined;
  if (isUnproven && consoleUsers(environment) === 'operators') {
    problems.push(
      `A2A_ADMIN_TOKEN_FILE or A2A_ADMIN_ROLE must be set when A2A_CONSOLE is true and HOST (${environment.HOST}) is not loopback: anyone who ` +
        'reaches the service could read the tasks of all owners. Example: A2A_ADMIN_TOKEN_FILE=/run/secrets/a2a-admin-token',
    );
  }
  if (isUnproven && ADMIN_PORT !== undefined && !isLoopbackHost(ADMIN_HOST)) {
    problems.push(
      `A2A_ADMIN_TOKEN_FILE or A2A_ADMIN_ROLE must be set when ADMIN_HOST (${ADMIN_HOST}) is not loopback: anyone who reaches the admin ` +
        'listener could read and change the tasks of all owners. Example: A2A_ADMIN_TOKEN_FILE=/run/secrets/a2a-admin-token',
    );
  }
  if (A2A_ADMIN_ROLE !== undefined && !identifiesCallers(environment)) {
    problems.push(
      'A2A_ADMIN_ROLE needs callers that are identified: say how (docs/who-calls.md), such as with A2A_OIDC_ISSUER and A2A_OIDC_AUDIENCE or ' +
        'with A2A_API_KEYS or A2A_API_KEYS_FILE, or set A2A_ADMIN_TOKEN_FILE instead.',
    );
  }
  return problems;
}

export function* adminWarnings(environment: Environment, env: NodeJS.ProcessEnv): Generator<string> {
  if (environment.ADMIN_PORT !== undefined) return;
  for (const name of DEPENDENT) {
    if (OF_CONSOLE.has(name) && consoleUsers(environment) === 'operators') continue;
    if (env[name]?.trim()) yield `${name} has no effect without ADMIN_PORT: there is no admin listener.`;
  }
}
