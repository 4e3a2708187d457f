import { AsyncLocalStorage } from 'node:async_hooks';

interface AgentCall {
  fail(error: unknown): void;
}

const calls = new AsyncLocalStorage<AgentCall>();

/**
 * Calls an agent. Rejects with what it throws, and with an error that nobody caught in what it has started: a promise it did
 * not await, a timer. `late` is given such an error when the call is over.
 */
export async function callAgent<T>(call: () => Promise<T>, late: (error: unknown) => void): Promise<T> {
  let isOver = false;
  let fail: (error: unknown) => void = () => undefined;
  const stray = new Promise<never>((_resolve, reject) => (fail = reject));
  stray.catch(() => undefined);
  const scope: AgentCall = { fail: (error) => (isOver ? late(error) : fail(error)) };
  try {
    return await calls.run(scope, () => Promise.race([call(), stray]));
  } finally {
    isOver = true;
  }
}

/**
 * Gives an error that nobody caught to the call of an agent in which it arose, whose task fails. Call it in the handlers of
 * `uncaughtException` and `unhandledRejection`. False: it arose in none.
 */
export function failAgentCall(error: unknown): boolean {
  const call = calls.getStore();
  call?.fail(error);
  return call !== undefined;
}
