import { type INestApplication, Module, type ModuleMetadata, type NestApplicationOptions } from '@nestjs/common';
import { HttpAdapterHost, NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AuditTrail } from '../../src/audit/audit.trail.js';
import { ByteBudget } from '../../src/common/byte-budget.js';
import { ClientLimits } from '../../src/common/client-limits.js';
import { QuotaTable } from '../../src/common/quotas/quota.table.js';
import { LogScopes } from '../../src/common/logging/log-scopes.js';
import { LIMITS_OPTIONS, type LimitsOptions, limitsOptions } from '../../src/common/limits.options.js';
import { AGENT_REGISTRY, type AgentRegistry, type RegisteredAgent } from '../../src/agents/agent-registry.interface.js';
import { WEBHOOK_SIGNER, WebhookSigner } from '../../src/push-notifications/signing/webhook.signer.js';
import { REQUEST_HANDLER, type RequestHandler } from '../../src/request-handler/request-handler.interface.js';
import { CARDS_OPTIONS, type CardsOptions } from '../../src/agents/cards/cards.options.js';
import { CardsModule } from '../../src/agents/cards/cards.module.js';
import { AddressesModule } from '../../src/transports/http/addresses.module.js';
import {
  HTTP_TRANSPORT_OPTIONS,
  type HttpTransportOptions,
  httpTransportOptions,
} from '../../src/transports/http/http-transport.options.js';
import { ListeningPublicUrl, PUBLIC_URL } from '../../src/transports/http/public-url.js';
import { TransportsModule } from '../../src/transports/transports.module.js';

export type AdapterName = 'express' | 'fastify';
export const ADAPTERS: readonly AdapterName[] = ['express', 'fastify'];

export const newAdapter = (name: AdapterName): ExpressAdapter | FastifyAdapter =>
  name === 'express' ? new ExpressAdapter() : new FastifyAdapter();

export interface TransportAppOptions {
  readonly handler: Partial<RequestHandler>;
  readonly agents?: readonly RegisteredAgent[];
  readonly options?: Partial<HttpTransportOptions>;
  readonly publicUrl?: string;
  readonly limits?: Partial<LimitsOptions>;
  readonly cards?: CardsOptions;
  /** More of the application around it. */
  readonly metadata?: ModuleMetadata;
  /** Runs before the application listens. */
  readonly configure?: (app: INestApplication) => void;
  /** Settings of the application. */
  readonly appOptions?: NestApplicationOptions;
}

export interface TransportApp {
  readonly app: INestApplication;
  readonly server: Server;
  readonly port: number;
  readonly url: string;
  readonly limits: ClientLimits;
}

export function clientLimits(given?: Partial<LimitsOptions>): ClientLimits {
  const options = limitsOptions(given);
  const { maxBufferedBytes: maxBytes, maxBufferedBytesPerCaller: maxBytesPerOwner } = options;
  const { maxCallsPerMinute: callsPerMinute, maxCallsPerCaller: openCalls } = options;
  const quotas = new QuotaTable({ owner: { callsPerMinute, openCalls } });
  return new ClientLimits(new ByteBudget({ maxBytes, maxBytesPerOwner }), options, quotas);
}

export function fakeAgent(id: string, options: Partial<RegisteredAgent['options']> = {}): RegisteredAgent {
  return {
    id,
    className: 'FakeAgent',
    instance: { execute: () => Promise.resolve() },
    execute: () => Promise.resolve(),
    options: {
      id,
      name: id,
      description: `Agent ${id}`,
      version: '1.0.0',
      skills: [{ id: 'echo', name: 'Echo', description: 'Says it again', tags: ['test'] }],
      inputModes: ['text/plain'],
      outputModes: ['text/plain'],
      streaming: true,
      pushNotifications: false,
      replies: 'task',
      resumable: false,
      ...options,
    },
  };
}

export function fakeRegistry(agents: readonly RegisteredAgent[]): AgentRegistry {
  const byId = new Map(agents.map((agent) => [agent.id, agent]));
  return {
    get: (id) => byId.get(id),
    default: agents.find(({ options }) => options.default),
    all: () => agents,
  };
}

/** The HTTP transports over a request handler that a test made, on a free port of loopback. */
export async function startTransportApp(adapter: AdapterName, given: TransportAppOptions): Promise<TransportApp> {
  const options = httpTransportOptions({ path: '', ...given.options });
  const limits = clientLimits(given.limits);
  const agents = given.agents ?? [fakeAgent('echo', { default: true }), fakeAgent('other')];

  const addresses = AddressesModule.register({
    providers: [
      { provide: HTTP_TRANSPORT_OPTIONS, useValue: options },
      {
        provide: PUBLIC_URL,
        inject: [HttpAdapterHost],
        useFactory: (host: HttpAdapterHost) => new ListeningPublicUrl(host, given.publicUrl),
      },
    ],
  });
  const below = {
    module: class Below {},
    providers: [
      { provide: REQUEST_HANDLER, useValue: given.handler },
      { provide: AGENT_REGISTRY, useValue: fakeRegistry(agents) },
      { provide: ClientLimits, useValue: limits },
      { provide: LIMITS_OPTIONS, useValue: limits.options },
      { provide: WEBHOOK_SIGNER, useFactory: () => WebhookSigner.create() },
      { provide: LogScopes, useValue: new LogScopes() },
      { provide: AuditTrail, useValue: new AuditTrail() },
    ],
    exports: [REQUEST_HANDLER, AGENT_REGISTRY, ClientLimits, LIMITS_OPTIONS, WEBHOOK_SIGNER, LogScopes, AuditTrail],
  };
  const cards = CardsModule.register({
    imports: [addresses],
    options: { provide: CARDS_OPTIONS, useValue: given.cards ?? {} },
  });
  const module = TransportsModule.register({
    path: options.path,
    bindings: options.bindings,
    imports: [below, addresses, cards],
  });

  @Module({ ...given.metadata, imports: [...(given.metadata?.imports ?? []), module] })
  class TestModule {}

  const app = await NestFactory.create<INestApplication>(TestModule, newAdapter(adapter), {
    logger: false,
    abortOnError: false,
    forceCloseConnections: true,
    ...given.appOptions,
  });
  given.configure?.(app);
  await app.listen(0, '127.0.0.1');
  const server = app.getHttpServer() as Server;
  const { port } = server.address() as AddressInfo;
  return { app, server, port, limits, url: `http://127.0.0.1:${port}` };
}
