// The entry point nest-a2a/admin: an HTTP API for operators, and health indicators.
export { A2aAdminModule } from './a2a-admin.module.js';
export type { A2aAdminModuleOptions } from './admin.options.js';
export type { AdminAuthorization, AdminAuthorize, AdminAuthorizer, AdminRequest } from './access/admin.authorizer.js';
export { A2aHealthModule } from './health/a2a-health.module.js';
export { A2aHealthIndicators, type A2aHealthIndicatorResult } from './health/a2a-health.indicators.js';
export type * from './admin-api.types.js';
