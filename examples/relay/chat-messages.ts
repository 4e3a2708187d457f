import type { Artifact, Message, Part, Task } from '../../src/protocol/model/index.js';

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** What the conversation is made of. */
export interface Conversation {
  /** Earlier tasks that the message refers to, as far as the caller may see them. */
  readonly referencedTasks: readonly Task[];
  /** The task's messages so far, the one to answer last. */
  readonly history: readonly Message[];
}

/**
 * The messages for the model: referenced tasks with their artifacts as answers, then the history. Of more than `maxCharacters`
 * the oldest are left out; undefined when the last message alone is longer.
 */
export function chatMessages(
  { referencedTasks, history }: Conversation,
  maxCharacters: number,
  systemPrompt = '',
): ChatMessage[] | undefined {
  const all = [...referencedTasks.flatMap(earlier), ...history.map(fromMessage)].filter(
    ({ content }) => content !== '',
  );
  let left = maxCharacters - systemPrompt.length;
  const kept: ChatMessage[] = [];
  for (const message of all.reverse()) {
    left -= message.content.length;
    if (left < 0) break;
    kept.unshift(message);
  }
  if (kept.length === 0 && all.length > 0) return undefined;
  return systemPrompt === '' ? kept : [{ role: 'system', content: systemPrompt }, ...kept];
}

/** True for content that a chat has no place for. */
export const isForeign = (part: Part): boolean => 'raw' in part || 'url' in part;

/** False for a message that is nothing but white space. */
export const hasContent = (message: Message): boolean => fromMessage(message).content.trim() !== '';

const earlier = ({ history = [], artifacts = [] }: Task): ChatMessage[] => [
  ...history.map(fromMessage),
  ...artifacts.map((artifact: Artifact) => ({ role: 'assistant' as const, content: textOf(artifact.parts, '') })),
];

const fromMessage = ({ role, parts }: Message): ChatMessage => ({
  role: role === 'ROLE_AGENT' ? 'assistant' : 'user',
  content: textOf(parts, '\n'),
});

/** Text as it is, data as JSON. Chunks of an artifact belong together without anything in between. */
const textOf = (parts: readonly Part[], separator: string): string =>
  parts
    .flatMap((part) => ('text' in part ? [part.text] : 'data' in part ? [JSON.stringify(part.data)] : []))
    .join(separator);
