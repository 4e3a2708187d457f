import { createHash } from 'node:crypto';
import type { TaskScope } from '../../security/call-context.js';

/** Characters of a key. */
export const KEY_LENGTH = 43;

/**
 * What texts of clients are found by: of one length, and equal only for texts that are equal to the byte, whatever the
 * database's collation makes of case, accents and spaces at the end.
 */
const key = (...parts: string[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('base64url');

export const scopeKey = ({ owner, tenant, agent }: TaskScope): string => key(owner, tenant, agent);

/** Of an owner, whatever the tenant and the agent. */
export const ownerKey = ({ owner }: Pick<TaskScope, 'owner'>): string => key(owner);

export const messageKey = ({ owner, tenant, agent }: TaskScope, messageId: string): string =>
  key(owner, tenant, agent, messageId);

export const contextKey = (contextId: string): string => key(contextId);

export const configKey = (configId: string): string => key(configId);
