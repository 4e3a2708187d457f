export * from './task-state.js';
export * from './transitions.js';
export * from './short-state.js';
