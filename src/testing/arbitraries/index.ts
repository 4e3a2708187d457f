export * from './agent-card.arbitrary.js';
export * from './hostile.arbitrary.js';
export * from './json.arbitrary.js';
export * from './message.arbitrary.js';
export * from './task.arbitrary.js';
