import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { A2aModule } from '../../src/index.js';
import { A2aClientModule } from '../../src/client/index.js';
import { OrchestratorAgent } from './orchestrator.agent.js';

const url = process.env['WORKER_URL'] ?? 'http://127.0.0.1:3000';

@Module({
  imports: [A2aModule.forRoot(), A2aClientModule.forRoot({ agents: { worker: { url, allow: ['127.0.0.1'] } } })],
  providers: [OrchestratorAgent],
})
class AppModule {}

const app = await NestFactory.create(AppModule);
app.enableShutdownHooks();
await app.listen(Number(process.env['PORT'] ?? 3001), '127.0.0.1');
