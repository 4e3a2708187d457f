import type { Part, RequestContext } from '../../src/index.js';

/** The system prompt; then referenced tasks, with their artifacts as answers, and the history: as many of the newest as fit. */
export function chatMessages(context: RequestContext, maxCharacters: number, systemPrompt = '') {
  const earlier = context.referencedTasks.flatMap(({ history = [], artifacts = [] }) => [...history, ...artifacts]);
  const messages = [...earlier, ...context.history].map((one) => ({
    role: 'role' in one && one.role === 'ROLE_USER' ? 'user' : 'assistant',
    content: textOf(one.parts, 'role' in one ? '\n' : ''),
  }));
  let left = maxCharacters - systemPrompt.length;
  const tooOld = messages.findLastIndex(({ content }) => (left -= content.length) < 0);
  const kept = messages.slice(tooOld + 1).filter(({ content }) => content !== '');
  return systemPrompt && kept.length > 0 ? [{ role: 'system', content: systemPrompt }, ...kept] : kept;
}

/** Text as it is, data as JSON. */
export const textOf = (parts: readonly Part[], separator = '\n'): string =>
  parts.map((part) => ('text' in part ? part.text : 'data' in part ? JSON.stringify(part.data) : '')).join(separator);
