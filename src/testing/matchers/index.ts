import './runner.types.js';

export { a2aMatchers } from './a2a.matchers.js';
export type { A2aMatchers } from './a2a-matchers.types.js';
export type { MatcherResult } from './received.js';
