export { A2aMetricsModule } from './a2a-metrics.module.js';
export type { A2aMetricsOptions, MetricsAuthorization } from './metrics.options.js';
