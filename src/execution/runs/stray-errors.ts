import { AsyncLocalStorage } from 'node:async_hooks';

interface AgentCall {
  fail: (error: unknown) => void;
}

const calls = new AsyncLocalStorage<AgentCall>();

/**
 * Calls an agent. Rejects with what it throws, and with an uncaught error in anything it started, such as a promise it did not await or a
 * timer. `late` receives such an error when the call is over.
 */
export function callAgent<T>(call: () => Promise<T>, late: (error: unknown) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = (): void => void (scope.fail = late);
    const failed = (error: unknown): void => {
      end();
      reject(error);
    };
    const scope: AgentCall = { fail: failed };
    calls.run(scope, call).then((result) => {
      end();
      resolve(result);
    }, failed);
  });
}

/**
 * Passes an uncaught error to the agent call that caused it; its task fails. Call it in the handlers of `uncaughtException` and
 * `unhandledRejection`. False: no agent call caused it.
 */
export function failAgentCall(error: unknown): boolean {
  const call = calls.getStore();
  call?.fail(error);
  return call !== undefined;
}
