import type { Message, StreamResponse, Task } from '../../protocol/model/index.js';
import { AgentAnswer } from '../harness/agent-answer.js';

/** What a matcher returns to jest or vitest. */
export interface MatcherResult {
  pass: boolean;
  message: () => string;
}

/** What is being looked at: an answer of the harness, a task, or a response with either. */
export interface Received {
  readonly task?: Task;
  readonly message?: Message;
}

/** @throws TypeError for anything else, so that `.not` does not pass for it. */
export function receivedIn(value: unknown, matcher: string): Received {
  if (value instanceof AgentAnswer) return { task: value.task, message: value.message };
  if (typeof value === 'object' && value !== null) {
    if ('status' in value && 'id' in value) return { task: value as Task };
    if ('task' in value || 'message' in value) return value as Extract<StreamResponse, Received>;
  }
  const what = value instanceof Promise ? 'a Promise: await it' : `${value === null ? 'null' : typeof value}`;
  throw new TypeError(`${matcher} is for an answer of the harness or a task, but was given ${what}.`);
}

/** Whether a text is the expected one, or matches. */
export const fits = (text: string, expected: string | RegExp): boolean =>
  typeof expected === 'string' ? text === expected : new RegExp(expected).test(text);

export const shown = (expected: string | RegExp): string =>
  typeof expected === 'string' ? JSON.stringify(expected) : String(expected);

/** `found` is what there is, for the report of a failure. */
export const result = (pass: boolean, expectation: string, found: string): MatcherResult => ({
  pass,
  message: () => `Expected the answer ${pass ? 'not ' : ''}${expectation}.\nThere is: ${found}`,
});
