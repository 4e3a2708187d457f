import type { AgentExtension } from '../../protocol/model/index.js';

/** `docs/extensions/resume.md` says what it means; a change that breaks clients gets another number. */
export const RESUME_EXTENSION_URI = 'urn:nest-a2a:extension:resume:v1';

/** What this server's event streams can do beyond the protocol, as cards declare it. */
export const RESUME_EXTENSION: AgentExtension = {
  uri: RESUME_EXTENSION_URI,
  description:
    'Each server-sent event of a task has its sequence number as id; Last-Event-ID continues the stream after that event, without gaps or repetitions.',
  params: {
    id: 'sequence',
    header: 'Last-Event-ID',
    operations: ['SendStreamingMessage', 'SubscribeToTask'],
    idempotentMessages: true,
  },
};

/**
 * The extensions of an agent, this one included when it streams. `idempotentMessages`: a message that is sent again, with its
 * messageId, is not run again, so that a client whose connection broke before an answer may repeat it.
 */
export function withResume(
  own: readonly AgentExtension[] = [],
  { streaming, idempotentMessages }: { streaming: boolean; idempotentMessages: boolean },
): AgentExtension[] {
  if (!streaming || own.some(({ uri }) => uri === RESUME_EXTENSION_URI)) return [...own];
  return [...own, { ...RESUME_EXTENSION, params: { ...RESUME_EXTENSION.params, idempotentMessages } }];
}
