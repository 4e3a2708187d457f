import type { A2aModuleOptions } from '../a2a.options.js';

/** Nothing outlives the test, and nothing waits: memory as storage, webhooks on loopback, a quick shutdown. */
const DEFAULTS = {
  pushNotifications: { allowedHosts: ['127.0.0.1', '::1', 'localhost'], firstRetryMs: 10, drainMs: 500 },
  execution: { drainMs: 500, cancelTimeoutMs: 1_000 },
} satisfies A2aModuleOptions;

/** The module's options in a test: what is given, else defaults that suit tests. */
export function testingOptions<T extends A2aModuleOptions>(given: T): T {
  const { pushNotifications, execution } = given;
  return {
    ...given,
    execution: { ...DEFAULTS.execution, ...execution },
    pushNotifications: pushNotifications === false ? false : { ...DEFAULTS.pushNotifications, ...pushNotifications },
  };
}
