import type { JsonWebKey } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import type { CardsOptions } from '../../agents/cards/cards.options.js';
import { ConfigurationError } from './configuration.error.js';
import type { Environment } from './environment.js';
import { isObject } from '../../common/is-object.js';
import { readCardKey } from '../../agents/cards/signing/card-keys.js';
import type { CardSigningOptions } from '../../agents/cards/signing/card-signing.options.js';

/** What the service's cards say and how they are signed. Throws ConfigurationError naming the variable that is wrong. */
export function cardSettings(environment: Environment): CardsOptions {
  const { A2A_PROVIDER_ORGANIZATION: organization, A2A_PROVIDER_URL: url, A2A_CARD_KEYS_FILE: file } = environment;
  if ((organization === undefined) !== (url === undefined)) {
    const [set, missing] =
      url === undefined
        ? ['A2A_PROVIDER_ORGANIZATION', 'A2A_PROVIDER_URL']
        : ['A2A_PROVIDER_URL', 'A2A_PROVIDER_ORGANIZATION'];
    throw new ConfigurationError([`${missing} must be set when ${set} is: cards name both or neither.`]);
  }
  return {
    ...(organization !== undefined && url !== undefined && { provider: { organization, url } }),
    ...(file !== undefined && { signing: { keys: readCardKeysFile(file) } }),
  };
}

const VARIABLE = 'A2A_CARD_KEYS_FILE';
const MAX_BYTES = 1024 * 1024;
/** Members of a JWK that make it a private one. RFC 7518, 6. */
const isPrivate = (jwk: object): boolean => 'd' in jwk;

/**
 * The keys of a JWK set file (RFC 7517): those with a private part sign, others are only shown. Throws ConfigurationError, which
 * quotes nothing of the file: when it cannot be read, is no key set, or may be read by others than its owner.
 */
function readCardKeysFile(path: string): CardSigningOptions['keys'] {
  const text = textOf(path);
  let set: unknown;
  try {
    set = JSON.parse(text);
  } catch {
    throw wrong(`${path} is not JSON. It holds a JWK set, {"keys":[…]}.`);
  }
  const keys: unknown = (set as { keys?: unknown } | null)?.keys;
  if (!Array.isArray(keys) || !keys.every(isObject)) {
    throw wrong(`${path} is no JWK set: it must be {"keys":[…]}, with a private JWK at least.`);
  }
  return keys.map((jwk: JsonWebKey, index) =>
    checked(path, index, isPrivate(jwk) ? { privateKey: jwk } : { publicKey: jwk }),
  );
}

function checked(path: string, index: number, key: Parameters<typeof readCardKey>[0]): typeof key {
  try {
    readCardKey(key);
    return key;
  } catch (error) {
    throw wrong(`keys[${index}] of ${path}: ${(error as Error).message}`);
  }
}

function assertPrivate(path: string, stat: Stats): void {
  const { mode, size } = stat;
  if (!stat.isFile()) throw wrong(`${path} is not a file.`);
  if (size > MAX_BYTES) throw wrong(`${path} is larger than ${MAX_BYTES} bytes.`);
  // Windows has no such bits.
  if (process.platform === 'win32' || (mode & 0o077) === 0) return;
  const bits = (mode & 0o777).toString(8).padStart(4, '0');
  throw wrong(`${path} holds private keys, and others than its owner have access (mode ${bits}): chmod 600 ${path}`);
}

/** What is checked is what is read, whatever the path names a moment later. A pipe must not hold the start up. */
function textOf(path: string): string {
  let file: number | undefined;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    assertPrivate(path, fstatSync(file));
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    throw wrong(`${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}.`);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

const wrong = (problem: string): ConfigurationError => new ConfigurationError([`${VARIABLE}: ${problem}`]);
