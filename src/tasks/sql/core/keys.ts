import { lookupKey } from '../../../common/lookup-key.js';
import type { TaskScope } from '../../../security/call-context.js';

export { KEY_LENGTH } from '../../../common/lookup-key.js';

export const scopeKey = ({ owner, tenant, agent }: TaskScope): string => lookupKey(owner, tenant, agent);

/** The key of an owner, for all tenants and agents. */
export const ownerKey = ({ owner }: Pick<TaskScope, 'owner'>): string => lookupKey(owner);

export const messageKey = ({ owner, tenant, agent }: TaskScope, messageId: string): string =>
  lookupKey(owner, tenant, agent, messageId);

export const contextKey = (contextId: string): string => lookupKey(contextId);

export const configKey = (configId: string): string => lookupKey(configId);
