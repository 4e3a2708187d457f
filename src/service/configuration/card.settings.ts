import type { JsonWebKey } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import type { CardsOptions } from '../../agents/cards/cards.options.js';
import { ConfigurationError } from './configuration.error.js';
import type { Environment } from './environment.js';
import { isObject } from '../../common/is-object.js';
import { readCardKey } from '../../agents/cards/signing/card-keys.js';
import type { CardSigningOptions } from '../../agents/cards/signing/card-signing.options.js';

/** The options of the service's cards and of their signatures. Throws ConfigurationError naming the variable that is wrong. */
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
/** A private JWK has the member `d`. RFC 7518, 6. */
const isPrivate = (jwk: object): boolean => 'd' in jwk;

/**
 * The keys of a JWK set file (RFC 7517): private ones sign, the others are only published. Throws ConfigurationError, which
 * quotes nothing of the file, if the file cannot be read, is not a JWK set, or can be read by users other than its owner.
 */
function readCardKeysFile(path: string): CardSigningOptions['keys'] {
  const text = textOf(path);
  let set: unknown;
  try {
    set = JSON.parse(text);
  } catch {
    throw wrong(`${path} is not JSON. It must contain a JWK set, {"keys":[…]}.`);
  }
  const keys: unknown = (set as { keys?: unknown } | null)?.keys;
  if (!Array.isArray(keys) || !keys.every(isObject)) {
    throw wrong(`${path} is not a JWK set: use {"keys":[…]}, with at least one private JWK.`);
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
  // Windows has no such mode bits.
  if (process.platform === 'win32' || (mode & 0o077) === 0) return;
  const bits = (mode & 0o777).toString(8).padStart(4, '0');
  throw wrong(
    `${path} contains private keys, and users other than its owner have access (mode ${bits}): chmod 600 ${path}`,
  );
}

/** Checks the open file and not its path, which may change meanwhile. A pipe must not block the start. */
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
