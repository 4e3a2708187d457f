export * from './task-state.js';
export * from './short-state.js';
