export * from './a2a.error.js';
export * from './errors.js';
