export { DEFAULT_MAX_DEPTH, DEFAULT_MAX_VIOLATIONS, REQUEST_LIMITS, type ValidationOptions } from './limits.js';
export { validateRequest } from './validate-request.js';
