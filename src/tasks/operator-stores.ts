import type { OperatorStores, Stores } from './stores.js';

const INTERFACES = { admin: 'AdminStore', holds: 'LegalHoldStore', apiKeys: 'StoredApiKeys' } as const;

type OperatorStore = keyof typeof INTERFACES;

/**
 * The stores, if they have all that is needed of those that only operators use. `name` is the storage's, and `otherwise` says how
 * to do without.
 *
 * @throws Error naming what the storage lacks
 */
export function operatorStores<S extends Stores>(name: string, stores: S, otherwise: string): S & OperatorStores;
export function operatorStores<S extends Stores, Needed extends OperatorStore>(
  name: string,
  stores: S,
  otherwise: string,
  needed: readonly Needed[],
): S & Required<Pick<Stores, Needed>>;
export function operatorStores(
  name: string,
  stores: Stores,
  otherwise: string,
  needed: readonly OperatorStore[] = ['admin', 'holds'],
): Stores {
  const missing = needed.filter((store) => stores[store] === undefined);
  if (missing.length === 0) return stores;
  const them = missing.map((store) => `\`${store}\` (${INTERFACES[store]})`).join(' and no ');
  throw new Error(
    `The storage '${name}' has no ${them}. Add what is missing to what its open() returns, or ${otherwise}.`,
  );
}
