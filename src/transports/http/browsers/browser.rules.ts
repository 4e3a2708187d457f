import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server } from 'node:net';
import { isLoopbackHost } from '../../../common/loopback.js';
import { A2AError, printable } from '../../../protocol/errors/index.js';
import { HostList, hostNameOf } from '../../../security/browsers/host-list.js';
import { isOriginOf } from '../../../security/browsers/same-origin.js';
import { HTTP_TRANSPORT_OPTIONS, type HttpTransportOptions } from '../http-transport.options.js';
import { isJsonMediaType } from '../json-body.js';
import { PUBLIC_URL, type PublicUrl } from '../public-url.js';

/**
 * Keeps pages that a user merely visits from calling this server with what only the user's browser has: its place on the machine or
 * behind the firewall, or its cookies.
 */
@Injectable()
export class BrowserRules {
  readonly #allowed: HostList;
  #loopback?: boolean;

  constructor(
    private readonly host: HttpAdapterHost,
    @Inject(HTTP_TRANSPORT_OPTIONS) private readonly options: Pick<HttpTransportOptions, 'allowedHosts' | 'cors'>,
    @Inject(PUBLIC_URL) private readonly publicUrl: PublicUrl,
  ) {
    this.#allowed = new HostList(options.allowedHosts);
  }

  /** Why a request is refused. To be asked when the headers of CORS are on the response. */
  problem(request: IncomingMessage, response: ServerResponse): A2AError | undefined {
    return this.hostProblem(request) ?? this.#originProblem(request, response) ?? cookieProblem(request);
  }

  /** A name that an attacker's DNS leads here is not ours, and pages below it would be of the same origin (DNS rebinding). */
  hostProblem(request: IncomingMessage): A2AError | undefined {
    if (this.#allowed.all || (this.#allowed.empty && !this.#isOnLoopback())) return undefined;
    const host = hostOf(request);
    const name = host === undefined ? undefined : hostNameOf(host);
    // Browsers always send it.
    if (host === undefined || (name !== undefined && this.#isOurName(name, request))) return undefined;
    return refused(
      `The Host header ${shown(host)} is not a name of this server. Set PUBLIC_URL or allowedHosts (A2A_ALLOWED_HOSTS) to the ` +
        'names under which clients call it.',
    );
  }

  #isOurName(name: string, { socket }: IncomingMessage): boolean {
    if (isLoopbackHost(name) || this.#allowed.has(name)) return true;
    if (name === socket.localAddress?.replace(/^::ffff:/, '')) return true;
    return this.publicUrl.configured && name === hostNameOf(new URL(this.publicUrl.origin()).host);
  }

  #originProblem(request: IncomingMessage, response: ServerResponse): A2AError | undefined {
    const { origin } = request.headers;
    if (origin === undefined) return undefined;
    const onLoopback = this.#isOnLoopback();
    if (!onLoopback && this.#allowed.empty && this.options.cors === undefined) return undefined;
    // Our own CORS or that of the application knows the origin.
    const known = response.getHeader('access-control-allow-origin');
    if (known === '*' || known === origin) return undefined;
    if (isOriginOf(origin, hostOf(request))) return undefined;
    const url = URL.canParse(origin) ? new URL(origin) : undefined;
    if (url !== undefined) {
      if (onLoopback && isLoopbackHost(url.hostname)) return undefined;
      if (this.publicUrl.configured && url.origin === new URL(this.publicUrl.origin()).origin) return undefined;
    }
    return refused(
      `Pages of the origin ${shown(origin)} may not call this server. Add it to cors.origins (A2A_CORS_ORIGINS) if they may.`,
    );
  }

  /** Whether only this machine can connect. */
  #isOnLoopback(): boolean {
    if (this.#loopback !== undefined) return this.#loopback;
    const address = (this.host.httpAdapter?.getHttpServer?.() as Partial<Server> | undefined)?.address?.();
    if (!address) return false;
    return (this.#loopback = typeof address !== 'string' && isLoopbackHost(address.address));
  }
}

/** A form of any page can send a POST, with the cookies of its user. Its content type is not JSON, and it cannot set a header. */
function cookieProblem({ method, headers }: IncomingMessage): A2AError | undefined {
  if (method !== 'POST' || headers.cookie === undefined) return undefined;
  if (headers['a2a-version'] !== undefined || isJsonMediaType(headers['content-type'])) return undefined;
  return refused(
    'A POST with cookies needs the header A2A-Version or a JSON content type, which forms of other pages cannot send.',
  );
}

/** HTTP/2 has no Host header. */
const hostOf = ({ headers }: IncomingMessage): string | undefined =>
  headers.host ?? (headers[':authority'] as string | undefined);

const refused = (message: string): A2AError => new A2AError('PERMISSION_DENIED', message);

const shown = (text: string): string => `'${printable(text)}'`;
