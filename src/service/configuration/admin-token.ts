import { ConfigurationError } from './configuration.error.js';
import { consoleUsers } from './console.environment.js';
import type { Environment } from './environment.js';
import { readSecretFile } from './secret-file.js';

const VARIABLE = 'A2A_ADMIN_TOKEN_FILE';
const LEAST = 32;

/** Whether operators have something to prove themselves for: the admin listener, or a console beyond this machine. */
export const hasOperators = (environment: Environment): boolean =>
  environment.ADMIN_PORT !== undefined || consoleUsers(environment) === 'operators';

/** The token of operators from its file; undefined: there is none. Throws ConfigurationError, which quotes nothing of it. */
export function adminToken(environment: Environment): string | undefined {
  const { A2A_ADMIN_TOKEN_FILE: file } = environment;
  if (!hasOperators(environment) || file === undefined) return undefined;
  const token = readSecretFile(file, VARIABLE).trim();
  if (!/^[\x21-\x7e]*$/.test(token)) {
    throw new ConfigurationError([
      `${VARIABLE}: the token in ${file} must be one line of printable ASCII without spaces.`,
    ]);
  }
  if (token.length < LEAST) {
    throw new ConfigurationError([
      `${VARIABLE}: the token in ${file} has ${token.length} characters; it needs ${LEAST} or more. Example: openssl rand -hex 32 > ${file}`,
    ]);
  }
  return token;
}
