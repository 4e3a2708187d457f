import { loadOptional } from '../common/load-optional.js';

/** The part of prom-client that is used here. */
export type PromClient = Pick<
  typeof import('prom-client'),
  'Counter' | 'Gauge' | 'Histogram' | 'Registry' | 'collectDefaultMetrics'
>;

export type PromRegistry = import('prom-client').Registry;

/** Rejects with MissingPackageError. */
export const loadPromClient = (): Promise<PromClient> =>
  loadOptional('A2aMetricsModule', ['prom-client@15'], async () => {
    const loaded = (await import('prom-client')) as PromClient & { readonly default?: PromClient };
    // A CommonJS package: some loaders give its exports only as the default.
    return loaded.default ?? loaded;
  });
