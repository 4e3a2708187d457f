import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Server } from 'node:net';
import type { RegisteredAgent } from '../../agents/agent-registry.interface.js';
import { configuredApp } from './configured-apps.js';
import { HTTP_TRANSPORT_OPTIONS, type HttpTransportOptions } from './http-transport.options.js';

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
    const address = (this.host.httpAdapter.getHttpServer() as Server).address();
    if (address === null || typeof address === 'string') return 'http://localhost';
    const wildcard = address.address === '::' || address.address === '0.0.0.0';
    const name = wildcard ? 'localhost' : address.family === 'IPv6' ? `[${address.address}]` : address.address;
    return `http://${name}:${address.port}`;
  }
}

/** Absolute URLs of agents' endpoints. */
@Injectable()
export class AgentUrls {
  constructor(
    @Inject(PUBLIC_URL) private readonly publicUrl: PublicUrl,
    @Inject(HTTP_TRANSPORT_OPTIONS) private readonly options: HttpTransportOptions,
    private readonly host: HttpAdapterHost,
  ) {}

  /** Public URL, global prefix and path of the module; no trailing slash. */
  base(): string {
    return this.publicUrl.origin() + (configuredApp(this.host.httpAdapter)?.globalPrefix() ?? '') + this.options.path;
  }

  /**
   * The URL of an agent's JSON-RPC endpoint, to which REST paths are appended: no trailing slash, because many clients just
   * append.
   */
  of(agent: Pick<RegisteredAgent, 'id'> & { readonly options: { readonly default?: boolean } }): string {
    const base = this.base();
    return agent.options.default === true ? base : `${base}/agents/${agent.id}`;
  }
}
