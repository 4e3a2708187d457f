import { MESSAGES, type MessageName } from '../../protocol/messages/messages.js';
import type { ResponseMessage } from '../../protocol/operations.js';
import { v10Decoder } from '../../protocol/v1-0/index.js';
import { checkAgentCard } from '../card/agent-card.check.js';
import { checkAnswer } from './answer.check.js';
import type { VersionAdapter } from './version-adapter.interface.js';

/** v1.0, over JSON-RPC and over HTTP+JSON. Its form is the canonical model. */
export const v10Adapter: VersionAdapter = {
  version: '1.0',
  encode: (_message, request) => request,
  decode: (message, answer) => read(message, answer) as never,
};

function read(message: ResponseMessage, answer: unknown): unknown {
  if (message === 'Empty') return undefined;
  if (message === 'AgentCard') return checkAgentCard(answer);
  return checkAnswer(message satisfies MessageName, v10Decoder.of(MESSAGES[message])(answer));
}
