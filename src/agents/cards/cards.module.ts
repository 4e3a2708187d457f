import { type DynamicModule, Module } from '@nestjs/common';
import { AgentCards } from './agent-cards.js';

/** The cards of agents. `imports` bring AGENT_ADDRESSES. */
@Module({})
export class CardsModule {
  static register(imports: DynamicModule['imports']): DynamicModule {
    return { module: CardsModule, imports, providers: [AgentCards], exports: [AgentCards] };
  }
}
