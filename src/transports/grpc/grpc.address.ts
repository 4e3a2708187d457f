import { Inject, Injectable, Optional } from '@nestjs/common';
import type { AgentInterface } from '../../protocol/model/index.js';
import { GRPC_OPTIONS, type GrpcSettings, hostAndPort } from './grpc.options.js';

const WILDCARDS = new Set(['0.0.0.0', '::']);

/** The address of agents over gRPC, known when the server listens. */
@Injectable()
export class GrpcAddress {
  #port?: number;

  constructor(@Optional() @Inject(GRPC_OPTIONS) private readonly settings?: GrpcSettings) {}

  listening(port: number): void {
    this.#port = port;
  }

  /**
   * A card's entries. Clients that only know a card cannot name an agent in the metadata of a call, so only the card of the
   * default agent lists gRPC.
   */
  of(agent: { readonly options: { readonly default?: boolean } }): AgentInterface[] {
    if (this.settings === undefined || this.#port === undefined || agent.options.default !== true) return [];
    const { publicAddress, cardUrlScheme, host } = this.settings;
    const address = publicAddress ?? hostAndPort(WILDCARDS.has(host) ? 'localhost' : host, this.#port);
    const url = cardUrlScheme === undefined ? address : `${cardUrlScheme}://${address}`;
    return [
      { url, protocolBinding: 'GRPC', protocolVersion: '1.0' },
      { url, protocolBinding: 'GRPC', protocolVersion: '0.3' },
    ];
  }
}
