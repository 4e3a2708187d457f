import type { CallContext, TaskScope } from '../security/call-context.js';

/** The owner of a task, as a caller of this server itself. */
export const systemContextOf = ({ owner, tenant, agent }: TaskScope): CallContext => ({
  ...{ owner, tenant, agent },
  protocolVersion: '1.0',
  requestedExtensions: [],
});
