/** Renews leases in a separate thread, over a connection of its own. */
export interface LeaseConnection {
  /** As RunStore.renewReplica. Throws while the storage is unavailable. */
  renew(replicaId: string, leaseMs: number): Promise<boolean>;
  close(): Promise<void>;
}

/** The exports of the module of a LeaseSource. */
export interface LeaseModule {
  connectLeases(settings: unknown): LeaseConnection | Promise<LeaseConnection>;
}

/** How another thread of this process opens a connection that renews leases. */
export interface LeaseSource {
  /** URL of a compiled LeaseModule. */
  readonly module: string;
  /** The argument of its `connectLeases`. structuredClone must be able to copy it. May hold secrets. */
  readonly settings: unknown;
}

/** Undefined when the settings hold functions, which cannot be passed to another thread. */
export function leaseSource(module: URL, settings: object): LeaseSource | undefined {
  try {
    return { module: module.href, settings: structuredClone(settings) };
  } catch {
    return undefined;
  }
}
