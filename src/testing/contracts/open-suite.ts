import { afterAll, beforeAll } from '@jest/globals';
import type { OpenStores } from '../../tasks/stores.js';

export type OpenFunction = () => Promise<OpenStores>;

export interface ContractOptions {
  /** What is stored outlives the process: the suite then also runs its durable tests, which need `reopen`. Default false. */
  readonly durable?: boolean;
  /** Tasks without their artifacts are read without them, so that a list that leaves them out has room for more. Default true. */
  readonly artifactsApart?: boolean;
}

/** The stores under test: opened once per suite, so tests must not count on an empty storage. */
export type Subject = () => OpenStores;

/** Opens before the first and closes after the last test of the enclosing `describe`. */
export function openForSuite(open: OpenFunction): Subject {
  let stores: OpenStores | undefined;
  beforeAll(async () => {
    stores = await open();
  }, 60_000);
  afterAll(async () => {
    await stores?.close();
  }, 60_000);
  return () => {
    if (!stores) throw new Error('The stores are open only while tests run.');
    return stores;
  };
}

/** A second view of the same rows: over connections of its own when the storage can, else the same object. */
export async function withPeer<T>(stores: OpenStores, use: (peer: OpenStores) => Promise<T>): Promise<T> {
  if (!stores.reopen) return use(stores);
  const peer = await stores.reopen();
  try {
    return await use(peer);
  } finally {
    await peer.close();
  }
}
