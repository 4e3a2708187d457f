import { readFileSync } from 'node:fs';
import { isObject } from '../../common/is-object.js';
import { type QuotasOptions, quotasOptions } from '../../common/quotas/quotas.options.js';
import { ConfigurationError } from './configuration.error.js';

/** The quotas of a JSON file, as `quotas` of the module takes them. Throws ConfigurationError naming the entry that is wrong. */
export function quotasFile(path: string): QuotasOptions {
  const wrong = (problem: string): ConfigurationError => new ConfigurationError([`A2A_QUOTAS_FILE: ${problem}`]);
  let quotas: unknown;
  try {
    quotas = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw wrong(code === undefined ? `${path} is not JSON.` : `${path} cannot be read: ${code}.`);
  }
  if (!isObject(quotas)) throw wrong(`${path} is not a JSON object.`);
  try {
    quotasOptions(quotas);
  } catch (error) {
    throw wrong(`${path}: ${(error as Error).message}`);
  }
  return quotas;
}
