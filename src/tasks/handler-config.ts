import type { PushConfig } from './push-config-store.interface.js';

/**
 * Begins the id, the url and the host of the configs of handlers: methods of the application that get the events of a task as webhooks do.
 * Callers cannot register such an id, and neither see nor remove such a config.
 */
export const HANDLER_PREFIX = 'handler:';

/** The config of a handler by its name, which is the same in each process that has it. */
export const handlerConfig = (name: string): PushConfig => ({
  id: HANDLER_PREFIX + name,
  url: HANDLER_PREFIX + name,
  wireVersion: '1.0',
});

export const isHandlerId = (configId: string): boolean => configId.startsWith(HANDLER_PREFIX);
