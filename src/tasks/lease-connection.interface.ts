/** What renews leases in a thread of its own, over a connection of its own. */
export interface LeaseConnection {
  /** As RunStore.renewReplica; throws while the storage is unavailable. */
  renew(replicaId: string, leaseMs: number): Promise<boolean>;
  close(): Promise<void>;
}

/** What the module of a LeaseSource exports. */
export interface LeaseModule {
  connectLeases(settings: unknown): LeaseConnection | Promise<LeaseConnection>;
}

/** How another thread of this process opens a connection to renew leases by. */
export interface LeaseSource {
  /** URL of a LeaseModule, compiled. */
  readonly module: string;
  /** What its `connectLeases` is given: what structuredClone can copy. May hold secrets. */
  readonly settings: unknown;
}

/** Undefined when there are functions among the settings, which no other thread can be given. */
export function leaseSource(module: URL, settings: object): LeaseSource | undefined {
  try {
    return { module: module.href, settings: structuredClone(settings) };
  } catch {
    return undefined;
  }
}
