import { OWNER_KEY_RULE, isOwnerKey, type LogContextOptions } from '../../common/logging/log-context.options.js';
import { PushEnvironment } from './push.environment.js';
import { Choice, Text } from './variable.decorators.js';

/** The variables of logs. */
export class LogEnvironment extends PushEnvironment {
  @Choice(['verbose', 'debug', 'log', 'warn', 'error', 'fatal'], 'debug')
  LOG_LEVEL: 'verbose' | 'debug' | 'log' | 'warn' | 'error' | 'fatal' = 'log';

  @Choice(['text', 'json'], 'json')
  A2A_LOG_FORMAT: 'text' | 'json' = 'text';

  @Choice(['plain', 'hash', 'omit'], 'omit')
  A2A_LOG_OWNER: 'plain' | 'hash' | 'omit' = 'plain';

  @Text({ rule: OWNER_KEY_RULE, accepts: isOwnerKey, example: '…a long random text of 32 characters', secret: true })
  A2A_LOG_OWNER_KEY?: string;
}

/** What log lines say of their request; false: they are text. */
export function logContextOptions(env: LogEnvironment): LogContextOptions | false {
  const { A2A_LOG_FORMAT: format, A2A_LOG_OWNER: owner, A2A_LOG_OWNER_KEY: ownerKey } = env;
  if (format === 'text') return false;
  return owner === 'hash' ? { owner, ownerKey } : { owner };
}

/** A hash needs a key. */
export function logProblems({ A2A_LOG_OWNER: owner, A2A_LOG_OWNER_KEY: key }: LogEnvironment): string[] {
  if (owner !== 'hash' || key !== undefined) return [];
  return [
    'A2A_LOG_OWNER_KEY must be set with A2A_LOG_OWNER=hash: it is the key of the hash. ' +
      'Example: A2A_LOG_OWNER_KEY_FILE=/run/secrets/log-owner-key',
  ];
}

/** Settings of logs that have no effect. */
export function* logWarnings(environment: LogEnvironment): Generator<string> {
  const { A2A_LOG_FORMAT: format, A2A_LOG_OWNER: owner, A2A_LOG_OWNER_KEY: key } = environment;
  if (format === 'text' && owner !== 'plain')
    yield 'A2A_LOG_OWNER has no effect without A2A_LOG_FORMAT=json: lines of text do not have the owner.';
  if (owner !== 'hash' && key !== undefined) yield 'A2A_LOG_OWNER_KEY has no effect without A2A_LOG_OWNER=hash.';
}
