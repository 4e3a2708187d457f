import { RESUME_EXTENSION_URI } from '../../agents/cards/resume.extension.js';
import type { AgentCard } from '../../protocol/model/index.js';
import type { ChosenInterface } from '../card/choose-interface.js';
import { JsonRpcTransport } from '../transport/json-rpc.transport.js';
import { RestTransport } from '../transport/rest.transport.js';
import type { ClientTransport } from '../transport/transport.interface.js';

/** The agent as its current card describes it. */
export interface Peer {
  readonly card: AgentCard;
  readonly wire: ClientTransport;
  readonly tenant?: string;
  readonly streams: boolean;
  /** Ids of server-sent events are seqs, and streams can be resumed after one. */
  readonly numbered: boolean;
  /** A message sent again with its messageId does not run again. */
  readonly idempotent: boolean;
}

export function peerOf(card: AgentCard, { binding, version, url, tenant }: ChosenInterface, maxValues: number): Peer {
  const { streaming = false, extensions = [] } = card.capabilities;
  const resume = extensions.find(({ uri }) => uri === RESUME_EXTENSION_URI);
  return {
    card,
    wire: new (binding === 'JSONRPC' ? JsonRpcTransport : RestTransport)(url, version, maxValues),
    streams: streaming,
    numbered: resume !== undefined,
    idempotent: resume?.params?.['idempotentMessages'] === true,
    ...(tenant !== undefined && { tenant }),
  };
}
