import type { AgentExtension } from '../../protocol/model/index.js';

/** Specified in `docs/extensions/resume.md`. A breaking change gets another number. */
export const RESUME_EXTENSION_URI = 'urn:nest-a2a:extension:resume:v1';

/** What this server's event streams support beyond the protocol, as declared in cards. */
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
 * The extensions of an agent, including this one if it streams. `idempotentMessages`: a message that is sent again with its
 * messageId is not run again, so a client whose connection broke before a response may retry it.
 */
export function withResume(
  own: readonly AgentExtension[] = [],
  { streaming, idempotentMessages }: { streaming: boolean; idempotentMessages: boolean },
): AgentExtension[] {
  if (!streaming || own.some(({ uri }) => uri === RESUME_EXTENSION_URI)) return [...own];
  return [...own, { ...RESUME_EXTENSION, params: { ...RESUME_EXTENSION.params, idempotentMessages } }];
}
