import { afterAll, beforeAll } from '@jest/globals';
import { operatorStores } from '../../tasks/operator-stores.js';
import type { OpenStores, OperatorStores, Stores } from '../../tasks/stores.js';

/** Opens the stores under test, with or without those that only operators use. */
export type OpenFunction<S extends Stores = Stores> = () => Promise<OpenStores<S>>;

export interface ContractOptions {
  /** What is stored outlives the process: the suite then also runs its durable tests, which need `reopen`. Default false. */
  readonly durable?: boolean;
  /** Tasks without their artifacts are read without them, so that a list that leaves them out has room for more. Default true. */
  readonly artifactsApart?: boolean;
  /** The storage has `rates`, and their suite runs. Default: as `operators`. */
  readonly rates?: boolean;
  /** The storage has `apiKeys`, and their suite runs. Default: as `operators`. */
  readonly apiKeys?: boolean;
  /** The storage has what only operators use, `admin` and `holds`, and their suites run. Default true. */
  readonly operators?: boolean;
}

/** The stores under test: opened once per suite, so tests must not count on an empty storage. */
export type Subject<S extends Stores = Stores> = () => OpenStores<S>;

/** Opens before the first and closes after the last test of the enclosing `describe`. */
export function openForSuite<S extends Stores>(open: OpenFunction<S>): Subject<S> {
  let stores: OpenStores<S> | undefined;
  beforeAll(async () => {
    stores = await open();
  });
  afterAll(async () => {
    await stores?.close();
  });
  return () => {
    if (!stores) throw new Error('The stores are open only while tests run.');
    return stores;
  };
}

/** Opens what operators use as well. Fails when the storage lacks it. */
export const openForOperators =
  (name: string, open: OpenFunction): OpenFunction<OperatorStores> =>
  async () => {
    const { reopen, ...stores } = await open();
    return {
      ...operatorStores(name, stores, 'tell a2aStorageContract that it has none: { operators: false }'),
      ...(reopen && { reopen: openForOperators(name, reopen) }),
    };
  };

/** A second view of the same rows: over connections of its own when the storage can, else the same object. */
export async function withPeer<S extends Stores, T>(
  stores: OpenStores<S>,
  use: (peer: OpenStores<S>) => Promise<T>,
): Promise<T> {
  if (!stores.reopen) return use(stores);
  const peer = await stores.reopen();
  try {
    return await use(peer);
  } finally {
    await peer.close();
  }
}
