import type { CardsOptions } from '../../agents/cards/cards.options.js';
import { ConfigurationError } from './configuration.error.js';
import type { Environment } from './environment.js';
import { readKeySetFile } from './key-set-file.js';

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
    ...(file !== undefined && { signing: { keys: readKeySetFile(file, 'A2A_CARD_KEYS_FILE') } }),
  };
}
