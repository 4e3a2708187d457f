export * from './dto/index.js';
export { DEFAULT_MAX_DEPTH, DEFAULT_MAX_VIOLATIONS, REQUEST_LIMITS, type ValidationOptions } from './limits.js';
export { REQUEST_DTOS } from './request-dtos.js';
export { validateRequest } from './validate-request.js';
