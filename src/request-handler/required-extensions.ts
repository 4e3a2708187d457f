import { extensionSupportRequired } from '../protocol/errors/index.js';
import type { AgentExtension } from '../protocol/model/index.js';

/**
 * What the card marks as required, the client must have declared. Spec 3.3.4, 4.6.
 * @throws A2AError EXTENSION_SUPPORT_REQUIRED naming those that it has not.
 */
export function assertRequiredExtensions(
  offered: readonly AgentExtension[] | undefined,
  requested: readonly string[],
): void {
  if (offered === undefined) return;
  const missing = offered.filter(({ uri, required }) => required === true && !requested.includes(uri));
  if (missing.length > 0) throw extensionSupportRequired(missing.map(({ uri }) => uri));
}
