import 'reflect-metadata';
import { type LoggerService } from '@nestjs/common';
import { validateSync } from 'class-validator';
import { SafeLogger } from '../../common/safe-logger.js';
import { valueOrFile } from '../../common/value-or-file.js';
import { browserProblems, browserWarnings } from './browser.environment.js';
import { adminProblems, adminWarnings } from './admin.rules.js';
import { relayProblems } from './agents.environment.js';
import { ConfigurationError } from './configuration.error.js';
import { Environment } from './environment.js';
import {
  authProblems,
  authWarnings,
  exposureProblems,
  grpcProblems,
  storageProblems,
  storageWarnings,
} from './environment.rules.js';
import { auditProblems, auditWarnings } from './audit.environment.js';
import { logProblems, logWarnings } from './log.environment.js';
import { tlsProblems, tlsWarnings } from './tls.rules.js';
import { nearestName } from './nearest-name.js';
import { tracingWarnings } from './tracing.environment.js';
import { knownVariables, type VariableInfo } from './variable.decorators.js';

/** Prefix of variables of this project's tests. */
const TEST_PREFIX = 'A2A_TEST_';
const SHOWN_CHARACTERS = 100;

/**
 * Reads and checks the service's environment; secrets may be in files, as `NAME_FILE`. Throws ConfigurationError with all problems. Warns of unknown variables with our
 * prefix.
 */
export function loadEnvironment(
  env: NodeJS.ProcessEnv = process.env,
  log: Pick<LoggerService, 'warn'> = new SafeLogger('Configuration'),
): Environment {
  const environment = new Environment();
  const problems: string[] = [];
  for (const [name, info] of knownVariables) {
    try {
      const text = info.secret ? valueOrFile(env, name) : env[name]?.trim();
      if (text) Object.assign(environment, { [name]: convert(text, info) });
    } catch (error) {
      problems.push((error as Error).message);
    }
  }
  problems.push(...valueProblems(environment, env));
  if (problems.length === 0) {
    problems.push(
      ...exposureProblems(environment),
      ...grpcProblems(environment),
      ...tlsProblems(environment),
      ...authProblems(environment),
      ...relayProblems(environment),
      ...storageProblems(environment, env),
      ...browserProblems(environment),
      ...adminProblems(environment),
      ...logProblems(environment),
      ...auditProblems(environment),
    );
  }
  if (problems.length > 0) throw new ConfigurationError(problems);
  environment.PUBLIC_URL = environment.PUBLIC_URL?.replace(/\/+$/, '');
  for (const warning of warnings(environment, env)) log.warn(warning);
  return environment;
}

/** What cannot be converted stays a string, which the variable's rules then refuse. */
function convert(text: string, { kind }: VariableInfo): string | number | boolean {
  if (kind === 'whole number' && /^\d+$/.test(text)) return Number(text);
  if (kind === 'flag' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

function valueProblems(environment: Environment, env: NodeJS.ProcessEnv): string[] {
  return validateSync(environment).map(({ property, constraints }) => {
    const { secret, example } = knownVariables.get(property)!;
    const [rule] = Object.values(constraints ?? {});
    const value = secret
      ? 'its value, which is not shown here, is not'
      : `it is ${JSON.stringify(env[property]?.slice(0, SHOWN_CHARACTERS))}`;
    return `${property} must be ${rule}; ${value}. Example: ${property}=${example}`;
  });
}

function* warnings(environment: Environment, env: NodeJS.ProcessEnv): Generator<string> {
  for (const name of Object.keys(env)) {
    if (!name.startsWith('A2A_') || name.startsWith(TEST_PREFIX) || knownVariables.has(name)) continue;
    if (knownVariables.get(name.replace(/_FILE$/, ''))?.secret) continue;
    const nearest = nearestName(name, knownVariables.keys());
    yield `${name} is not a variable of this service and has no effect.${nearest ? ` Did you mean ${nearest}?` : ''} docs/configuration.md lists them all.`;
  }
  yield* authWarnings(environment, env);
  yield* storageWarnings(environment, env);
  yield* browserWarnings(environment);
  yield* adminWarnings(environment, env);
  yield* logWarnings(environment);
  yield* tracingWarnings(environment);
  yield* auditWarnings(environment, env);
  yield* tlsWarnings(environment);
  if (environment.GRPC_PORT === undefined) {
    const without = [...knownVariables.keys()].filter((name) => name.startsWith('GRPC_') && env[name]?.trim());
    for (const name of without) yield `${name} has no effect without GRPC_PORT: gRPC is off.`;
  }
}
