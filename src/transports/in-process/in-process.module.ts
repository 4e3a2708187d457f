import { type DynamicModule, Module } from '@nestjs/common';
import { A2aTasks } from './a2a-tasks.js';

/** In-process calls of agents by the application. `imports` provide the request handler, agents and execution. */
@Module({})
export class InProcessModule {
  static register(imports: DynamicModule['imports']): DynamicModule {
    return { module: InProcessModule, imports, providers: [A2aTasks], exports: [A2aTasks] };
  }
}
