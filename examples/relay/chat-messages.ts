import type { RequestContext } from '../../src/agents/request-context.js';
import type { Part, Role } from '../../src/protocol/model/index.js';

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** Referenced tasks, with their artifacts as answers, then the history: as many of the newest as fit. */
export function chatMessages({ referencedTasks, history }: RequestContext, maxCharacters: number): ChatMessage[] {
  const answers = referencedTasks.flatMap((task) => [
    ...(task.history ?? []),
    ...(task.artifacts ?? []).map(({ parts }) => ({ role: 'ROLE_AGENT' as Role, parts, separator: '' })),
  ]);
  const messages = [...answers, ...history].map(({ role, parts, ...rest }): ChatMessage => ({
    role: role === 'ROLE_AGENT' ? 'assistant' : 'user',
    content: textOf(parts, 'separator' in rest ? '' : '\n'),
  }));
  let left = maxCharacters;
  const tooOld = messages.findLastIndex(({ content }) => (left -= content.length) < 0);
  return messages.slice(tooOld + 1).filter(({ content }) => content !== '');
}

/** Text as it is, data as JSON. */
export const textOf = (parts: readonly Part[], separator = '\n'): string =>
  parts.map((part) => ('text' in part ? part.text : 'data' in part ? JSON.stringify(part.data) : '')).join(separator);
