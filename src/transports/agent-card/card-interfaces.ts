import type { AgentInterface } from '../../protocol/model/index.js';
import type { HttpBindings } from '../http/http-transport.options.js';

export const CARD_INTERFACES = Symbol('CardInterfaces');

/** The addresses of an agent, the preferred one first, from the urls of its HTTP endpoints. */
export type CardInterfaces = (urlOf: (binding: 'json-rpc' | 'rest') => string) => readonly AgentInterface[];

/** Each binding in both versions at one url: what the request says of its version tells them apart. */
export const cardInterfaces =
  ({ jsonRpc, rest }: HttpBindings): CardInterfaces =>
  (urlOf) =>
    [
      ...(jsonRpc ? [{ protocolBinding: 'JSONRPC', url: urlOf('json-rpc') }] : []),
      ...(rest ? [{ protocolBinding: 'HTTP+JSON', url: urlOf('rest') }] : []),
    ].flatMap(({ protocolBinding, url }) =>
      ['1.0', '0.3'].map((protocolVersion) => ({ url, protocolBinding, protocolVersion })),
    );
