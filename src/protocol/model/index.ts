export type * from './json.js';
export type * from './message.js';
export type * from './task.js';
export type * from './requests.js';
export type * from './agent-card.js';
