import { Inject, Injectable } from '@nestjs/common';
import type { AgentAddresses } from '../../agents/cards/agent-addresses.interface.js';
import type { RegisteredAgent } from '../../agents/agent-registry.interface.js';
import type { AgentInterface } from '../../protocol/model/index.js';
import { CARD_INTERFACES, type CardInterfaces } from '../agent-card/card-interfaces.js';
import { GrpcAddress } from '../grpc/grpc.address.js';
import { AgentUrls, PUBLIC_URL, type PublicUrl } from './public-url.js';

/** Path of the public keys of cards' signatures, below the module's path. */
export const KEY_SET_PATH = '.well-known/jwks.json';

/** The URLs of agents and of the key set. */
@Injectable()
export class ServedAddresses implements AgentAddresses {
  constructor(
    private readonly urls: AgentUrls,
    @Inject(PUBLIC_URL) private readonly publicUrl: PublicUrl,
    @Inject(CARD_INTERFACES) private readonly interfaces: CardInterfaces,
    private readonly grpc: GrpcAddress,
  ) {}

  of(agent: RegisteredAgent): readonly AgentInterface[] {
    return [...this.interfaces((binding) => this.urls.of(agent, binding)), ...this.grpc.of(agent)];
  }

  keySet(): string | undefined {
    return this.publicUrl.configured ? this.urls.to(KEY_SET_PATH) : undefined;
  }
}
