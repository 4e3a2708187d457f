import { type CallContext, isAuthenticated } from '../../security/call-context.js';
import type { RequestContext } from '../request-context.js';

/** The caller, as the SDK's `User`. */
export interface SdkUser {
  readonly isAuthenticated: boolean;
  /** The owner of the task; '' for anonymous callers. */
  readonly userName: string;
  /** What a guard said of the caller, as in `context.caller.claims`. */
  readonly claims?: CallContext['claims'];
}

/**
 * What executors find as `requestContext.context`: the members of the SDK's ServerCallContext. There are no headers, because a turn
 * may start later, or on another replica.
 */
export class SdkCallContext {
  readonly user: SdkUser;
  readonly tenant: string | undefined;
  /** Version of the protocol that the client speaks. */
  readonly requestedVersion: string;
  /** For the executor's own use. */
  readonly state = new Map<string, unknown>();
  #requested: readonly string[];
  readonly #activated = new Set<string>();

  constructor({ caller, activatedExtensions }: Pick<RequestContext, 'caller' | 'activatedExtensions'>) {
    const known = isAuthenticated(caller);
    const { owner, claims } = caller;
    this.user = { isAuthenticated: known, userName: known ? owner : '', ...(claims && { claims }) };
    this.tenant = caller.tenant === '' ? undefined : caller.tenant;
    this.requestedVersion = caller.protocolVersion;
    this.#requested = activatedExtensions;
  }

  /** Those that the request asks for and the card has. */
  get requestedExtensions(): string[] {
    return [...this.#requested];
  }

  get activatedExtensions(): string[] {
    return [...this.#activated];
  }

  /** Changes nothing for the client: the server tells it of the extensions that the request asked for and the card has. */
  addActivatedExtension(uri: string): void {
    this.#activated.add(uri);
  }

  setRequestedExtensions(extensions: readonly string[] | undefined): void {
    this.#requested = extensions ?? [];
  }
}
