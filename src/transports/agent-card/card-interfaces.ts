import type { AgentInterface } from '../../protocol/model/index.js';

export const CARD_INTERFACES = Symbol('CardInterfaces');

/** The addresses of an agent, the preferred one first, from the url of its HTTP endpoint. */
export type CardInterfaces = (url: string) => readonly AgentInterface[];

/** JSON-RPC in both versions at one url: what the request says of its version tells them apart. */
export const jsonRpcInterfaces: CardInterfaces = (url) => [
  { url, protocolBinding: 'JSONRPC', protocolVersion: '1.0' },
  { url, protocolBinding: 'JSONRPC', protocolVersion: '0.3' },
];
