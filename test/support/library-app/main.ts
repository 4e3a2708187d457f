// An application with routes of its own that uses the package by its name, as installed. The environment chooses: ADAPTER
// (express, fastify) and DATABASE_URL (else memory). Writes {url} as JSON when it listens on a free port.
import {
  Body,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  Injectable,
  Module,
  Post,
  UnauthorizedException,
} from '@nestjs/common';
import { APP_GUARD, NestFactory, Reflector } from '@nestjs/core';
import {
  A2aAgent,
  A2aModule,
  type A2aModuleOptions,
  A2aRoute,
  type AgentEvents,
  type RequestContext,
  setA2aPrincipal,
} from 'nest-a2a';
import { postgresStorage } from 'nest-a2a/postgres';

@A2aAgent({
  id: 'shouter',
  default: true,
  description: 'Says it louder.',
  skills: [{ id: 'shout', name: 'Shout', description: 'Capital letters.', tags: ['text'] }],
})
class ShouterAgent {
  /** Shouts, then waits for a shutdown if it is told to. */
  async *execute({ userText, caller, signal }: RequestContext): AgentEvents {
    yield `${caller.owner}: ${userText.toUpperCase()}`;
    if (userText === 'wait') await new Promise((resolve) => signal.addEventListener('abort', resolve));
  }
}

/** Knows a caller by a header; cards and the application's own routes are open to all. */
@Injectable()
class NameGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const route = this.reflector.get(A2aRoute, context.getClass());
    if (route === undefined || route === 'agent-card') return true;
    const request = context.switchToHttp().getRequest<{ headers: { 'x-name'?: string } }>();
    const owner = request.headers['x-name'];
    if (owner === undefined) throw new UnauthorizedException('Say your name.');
    setA2aPrincipal(request, { owner });
    return true;
  }
}

@Controller()
class OwnController {
  @Get('hello')
  hello(): { hello: string } {
    return { hello: 'world' };
  }

  @Post('things')
  add(@Body() thing: object): { added: object } {
    return { added: thing };
  }
}

const url = process.env['DATABASE_URL'];
const options: A2aModuleOptions = { execution: { drainMs: 50 } };
if (url !== undefined) options.storage = postgresStorage({ url });

@Module({
  imports: [A2aModule.forRoot(options)],
  providers: [ShouterAgent, { provide: APP_GUARD, useClass: NameGuard }],
  controllers: [OwnController],
})
class AppModule {}

const adapter =
  process.env['ADAPTER'] === 'fastify'
    ? new (await import('@nestjs/platform-fastify')).FastifyAdapter()
    : new (await import('@nestjs/platform-express')).ExpressAdapter();
const app = await NestFactory.create(AppModule, adapter, { logger: ['error', 'warn'] });
app.enableShutdownHooks();
await app.listen(0, '127.0.0.1');
process.stdout.write(`${JSON.stringify({ url: await app.getUrl() })}\n`);
