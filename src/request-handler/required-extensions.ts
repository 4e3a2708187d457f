import { extensionSupportRequired } from '../protocol/errors/index.js';
import type { AgentExtension } from '../protocol/model/index.js';

/**
 * The client must declare the extensions that the card marks as required. Spec 3.3.4, 4.6.
 * @throws A2AError EXTENSION_SUPPORT_REQUIRED naming the missing ones.
 */
export function assertRequiredExtensions(
  offered: readonly AgentExtension[] | undefined,
  requested: readonly string[],
): void {
  if (offered === undefined) return;
  const missing = offered.filter(({ uri, required }) => required === true && !requested.includes(uri));
  if (missing.length > 0) throw extensionSupportRequired(missing.map(({ uri }) => uri));
}
