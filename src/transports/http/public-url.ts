import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Server } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import type { RegisteredAgent } from '../../agents/agent-registry.interface.js';
import { HTTP_TRANSPORT_OPTIONS, type HttpTransportOptions } from './http-transport.options.js';
import { RegisteredRoutes } from './registered-routes.js';

export const PUBLIC_URL = Symbol('PublicUrl');

/** The URL of this server for clients. Never taken from a request: its Host header is set by the caller. */
export interface PublicUrl {
  /**
   * `https://agents.example.com`, perhaps with a path; no trailing slash. Evaluated per request, because a port may be known
   * late.
   */
  origin(): string;
  /** Whether it is configured. An address that the server merely listens on may mean nothing to clients. */
  readonly configured: boolean;
}

/** The configured URL, else the address that the server listens on. */
export class ListeningPublicUrl implements PublicUrl {
  readonly #configured?: string;

  /** @throws TypeError if `configured` is not an absolute http(s) URL. */
  constructor(
    private readonly host: HttpAdapterHost,
    configured?: string,
  ) {
    if (configured === undefined || configured === '') return;
    const url = URL.canParse(configured) ? new URL(configured) : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
      throw new TypeError(`PUBLIC_URL must be like https://agents.example.com, but is '${configured}'.`);
    }
    this.#configured = url.href.replace(/\/+$/, '');
  }

  get configured(): boolean {
    return this.#configured !== undefined;
  }

  origin(): string {
    if (this.#configured !== undefined) return this.#configured;
    const server = this.host.httpAdapter.getHttpServer() as Server;
    const address = server.address();
    const scheme = server instanceof TlsServer ? 'https' : 'http';
    if (address === null || typeof address === 'string') return `${scheme}://localhost`;
    const wildcard = address.address === '::' || address.address === '0.0.0.0';
    const name = wildcard ? 'localhost' : address.family === 'IPv6' ? `[${address.address}]` : address.address;
    return `${scheme}://${name}:${address.port}`;
  }
}

/** Absolute URLs of agents' endpoints. */
@Injectable()
export class AgentUrls {
  constructor(
    @Inject(PUBLIC_URL) private readonly publicUrl: PublicUrl,
    @Inject(HTTP_TRANSPORT_OPTIONS) private readonly options: Pick<HttpTransportOptions, 'path'>,
    private readonly routes: RegisteredRoutes,
  ) {}

  /** The URL of a path of ours that belongs to no agent. */
  to(path: string): string {
    const route = this.routes.all.find((route) => !route.byId && route.path.endsWith(`/${path}`));
    return this.publicUrl.origin() + (route?.path ?? `${this.options.path}/${path}`);
  }

  /**
   * The URL of an agent's JSON-RPC endpoint, or the one to which HTTP+JSON paths are appended: no trailing slash, because many clients
   * just append.
   */
  of(
    agent: Pick<RegisteredAgent, 'id'> & { readonly options: { readonly default?: boolean } },
    binding: 'json-rpc' | 'rest',
  ): string {
    const byId = agent.options.default !== true;
    const base = this.publicUrl.origin() + (this.routes.base(binding, byId) ?? this.options.path);
    return byId ? `${base}/agents/${agent.id}` : base;
  }
}
