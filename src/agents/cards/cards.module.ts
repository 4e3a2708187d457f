import { type DynamicModule, Module, type ModuleMetadata, type Provider } from '@nestjs/common';
import { AGENT_ADDRESSES } from './agent-addresses.interface.js';
import { AgentCards } from './agent-cards.js';
import { CARDS_OPTIONS } from './cards.options.js';
import { CARD_SIGNER, createCardSigner } from './signing/card-signer.factory.js';

export interface CardsModuleOptions {
  /** Export AGENT_ADDRESSES. */
  readonly imports: ModuleMetadata['imports'];
  /** CARDS_OPTIONS. */
  readonly options: Provider;
}

/** The cards of agents, signed when there are keys. */
@Module({})
export class CardsModule {
  static register({ imports, options }: CardsModuleOptions): DynamicModule {
    const signer: Provider = {
      provide: CARD_SIGNER,
      inject: [CARDS_OPTIONS, AGENT_ADDRESSES],
      useFactory: createCardSigner,
    };
    return {
      module: CardsModule,
      imports,
      providers: [AgentCards, options, signer],
      exports: [AgentCards, CARD_SIGNER],
    };
  }
}
