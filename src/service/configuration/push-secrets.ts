import { isObject } from '../../common/is-object.js';
import {
  pushNotificationsOptions,
  type PushNotificationsOptions,
} from '../../push-notifications/push-notifications.options.js';
import { ConfigurationError } from './configuration.error.js';
import { signingKeysOf } from './key-set-file.js';
import { readSecretFile } from './secret-file.js';

const VARIABLE = 'A2A_PUSH_SECRETS_FILE';
const MEMBERS = ['secrets', 'keys', 'encryptionKeys'];

/**
 * What signs webhooks and encrypts their secrets: a JSON object with `secrets` (Standard Webhooks), `keys` (JWKs) and `encryptionKeys`,
 * each optional. Throws ConfigurationError, which quotes nothing of the file, if it cannot be read, if users other than its owner can
 * read it, or if something in it is wrong.
 */
export function pushSecrets(path: string): Pick<PushNotificationsOptions, 'signing' | 'encryptionKeys'> {
  const content = objectIn(readSecretFile(path, VARIABLE), path);
  const unknown = Object.keys(content).find((name) => !MEMBERS.includes(name));
  if (unknown !== undefined) throw wrong(`${path} may have only the members ${MEMBERS.join(', ')}.`);
  const { secrets, keys, encryptionKeys } = content as Record<string, never>;
  const signing = {
    ...(secrets !== undefined && { secrets }),
    ...(keys !== undefined && { keys: signingKeysOf(keys, path, VARIABLE) }),
  };
  const options = {
    ...(Object.keys(signing).length > 0 && { signing }),
    ...(encryptionKeys !== undefined && { encryptionKeys }),
  };
  try {
    pushNotificationsOptions(options);
  } catch (error) {
    throw wrong(`${path}: ${(error as Error).message}`);
  }
  return options;
}

function objectIn(text: string, path: string): Record<string, unknown> {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw wrong(`${path} is not JSON.`);
  }
  if (!isObject(content)) throw wrong(`${path} is not a JSON object.`);
  return content as Record<string, unknown>;
}

const wrong = (problem: string): ConfigurationError => new ConfigurationError([`${VARIABLE}: ${problem}`]);
