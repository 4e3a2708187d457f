import { createHash } from 'node:crypto';
import type { TaskScope } from '../../security/call-context.js';

/** Length of a key in characters. */
export const KEY_LENGTH = 43;

/**
 * The lookup key for strings of clients. All keys have the same length, and two keys are equal only if the strings are equal to
 * the byte, however the database's collation treats case, accents and trailing spaces.
 */
const key = (...parts: string[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('base64url');

export const scopeKey = ({ owner, tenant, agent }: TaskScope): string => key(owner, tenant, agent);

/** The key of an owner, for all tenants and agents. */
export const ownerKey = ({ owner }: Pick<TaskScope, 'owner'>): string => key(owner);

export const messageKey = ({ owner, tenant, agent }: TaskScope, messageId: string): string =>
  key(owner, tenant, agent, messageId);

export const contextKey = (contextId: string): string => key(contextId);

export const configKey = (configId: string): string => key(configId);
