import { Inject, Injectable, type OnApplicationBootstrap, Optional } from '@nestjs/common';
import { HttpAdapterHost, ModuleRef } from '@nestjs/core';
import type { Server } from 'node:http';
import { AGENT_REGISTRY, type AgentRegistry } from '../../agents/agent-registry.interface.js';
import { isLoopbackHost } from '../../common/loopback.js';
import { SafeLogger } from '../../common/safe-logger.js';
import { AuthenticationBootError } from '../../security/authentication/authentication-boot.error.js';
import { A2A_AUTHENTICATION, type Authentication } from '../../security/authentication/authentication.js';
import { GRPC_OPTIONS, type GrpcSettings } from '../grpc/grpc.options.js';
import { hasGlobalGuards } from './global-guards.js';
import { PUBLIC_URL, type PublicUrl } from './public-url.js';

/**
 * Holds the application to what its cards declare: schemes that no authenticator enforces are a warning where only this machine can connect,
 * and fail the boot elsewhere. Guards may enforce them, which nobody can see: then it is a warning elsewhere.
 */
@Injectable()
export class EnforcementCheck implements OnApplicationBootstrap {
  readonly #log = new SafeLogger('A2A');

  constructor(
    private readonly host: HttpAdapterHost,
    @Inject(AGENT_REGISTRY) private readonly agents: Pick<AgentRegistry, 'all'>,
    @Inject(PUBLIC_URL) private readonly publicUrl: PublicUrl,
    @Optional() @Inject(GRPC_OPTIONS) private readonly grpc?: GrpcSettings,
    @Optional() @Inject(A2A_AUTHENTICATION) private readonly authentication?: Authentication,
    @Optional() private readonly module?: ModuleRef,
  ) {}

  onApplicationBootstrap(): void {
    const unenforced = this.#unenforced();
    const guarded = this.#guarded();
    if (unenforced === undefined && (guarded || this.authentication)) return;
    const exposed = this.#exposed();
    if (exposed !== undefined) this.#beyondLoopback(exposed, unenforced, guarded);
    else if (unenforced !== undefined && !guarded) this.#log.warn(`${unenforced} ${FIX}`);
    if (exposed === undefined) this.#whenListening(unenforced, guarded);
  }

  /** @throws AuthenticationBootError */
  #beyondLoopback(where: string, unenforced: string | undefined, guarded: boolean): void {
    if (unenforced === undefined) {
      this.#log.warn(
        `All callers are anonymous and share one owner, and ${where}. Import A2aAuthModule to identify them.`,
      );
    } else if (guarded) {
      this.#log.warn(
        `${unenforced} Your guards may. Say so with guardScheme(), and calls without a principal are refused.`,
      );
    } else {
      throw new AuthenticationBootError(`${unenforced} Yet ${where}. ${FIX}`);
    }
  }

  /** What the cards declare and nobody enforces, as a sentence. */
  #unenforced(): string | undefined {
    const known = this.authentication?.schemes ?? {};
    for (const { id, options } of this.agents.all()) {
      const name = Object.keys(options.securitySchemes ?? {}).find((each) => !Object.hasOwn(known, each));
      if (name !== undefined)
        return `The card of agent '${id}' declares the security scheme '${name}', which no authenticator enforces.`;
    }
    return undefined;
  }

  #guarded(): boolean {
    return hasGlobalGuards(this.module) || this.agents.all().some(({ admit }) => admit);
  }

  #exposed(): string | undefined {
    if (this.publicUrl.configured) {
      const { hostname } = new URL(this.publicUrl.origin());
      if (!isLoopbackHost(hostname)) return `clients call it at ${this.publicUrl.origin()}`;
    }
    const { grpc } = this;
    // A function identifies the callers of gRPC.
    const open = grpc && typeof grpc.authenticate !== 'function' && !isLoopbackHost(grpc.host);
    return open ? `gRPC listens on ${grpc.host}, which is not loopback` : undefined;
  }

  /** Where the server listens is known late. Its `error` is what `app.listen()` rejects with. */
  #whenListening(unenforced: string | undefined, guarded: boolean): void {
    const server = this.host.httpAdapter?.getHttpServer?.() as Partial<Server> | undefined;
    server?.prependOnceListener?.('listening', () => {
      const address = server.address?.();
      if (!address || typeof address === 'string' || isLoopbackHost(address.address)) return;
      try {
        this.#beyondLoopback(`it listens on ${address.address}, which is not loopback`, unenforced, guarded);
      } catch (error) {
        server.emit?.('error', error as Error);
        // Not at once: other listeners of the event expect a server that listens.
        setImmediate(() => server.close?.());
      }
    });
  }
}

const FIX =
  'Give it an authenticator in A2aAuthModule (oidc(), apiKeys(), trustedGateway(), clientCertificates(), or guardScheme() for your own ' +
  'guards), or declare it no more.';
