import type { AgentExtension } from '../protocol/model/index.js';

/** The extensions of the agent that the request activates, in the order of the card. Others are ignored. Spec 4.6.3. */
export function activeExtensions(offered: readonly AgentExtension[] = [], requested: readonly string[]): string[] {
  if (requested.length === 0) return [];
  const wanted = new Set(requested);
  return offered.map(({ uri }) => uri).filter((uri) => wanted.has(uri));
}
