import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { A2aModule } from '../../src/index.js';
import { GreeterAgent } from './greeter.agent.js';

@Module({ imports: [A2aModule.forRoot()], providers: [GreeterAgent] })
class AppModule {}

const app = await NestFactory.create(AppModule);
app.enableShutdownHooks();
await app.listen(3000, '127.0.0.1');
