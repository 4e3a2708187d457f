import { Inject, Injectable, Optional } from '@nestjs/common';
import type { RegisteredAgent } from '../agents/agent-registry.interface.js';
import { SafeLogger } from '../common/safe-logger.js';
import { unauthenticated } from '../protocol/errors/index.js';
import { ANONYMOUS, type CallContext } from '../security/call-context.js';
import { PRINCIPAL_OPTIONS, type PrincipalOptions } from '../security/principal.options.js';

type Agent = Pick<RegisteredAgent, 'id'> & {
  readonly options: Pick<RegisteredAgent['options'], 'securityRequirements'>;
};

/** Says once what an application may have forgotten: that nobody identifies its callers. */
@Injectable()
export class UnidentifiedCallers {
  readonly #log = new SafeLogger('A2aModule');
  /** Ids of agents; '' for all. */
  readonly #said = new Set<string>();

  constructor(@Optional() @Inject(PRINCIPAL_OPTIONS) private readonly options: PrincipalOptions = {}) {}

  /** @throws A2AError UNAUTHENTICATED if the application refuses callers without a principal */
  check({ id, options }: Agent, { owner }: Pick<CallContext, 'owner'>): void {
    if (owner !== ANONYMOUS) return;
    if (this.options.anonymous === 'refuse') throw unauthenticated('The caller could not be identified.');
    if (asksForCredentials(options.securityRequirements)) {
      this.#once(
        id,
        `The card of agent '${id}' asks for credentials (securityRequirements), but a call came through without a principal: nothing ` +
          'enforces them. Add a guard that refuses such calls and calls setA2aPrincipal, or set principal.anonymous to refuse.',
      );
    } else if (this.options.anonymous === undefined) {
      this.#once(
        '',
        "A call came without a principal. All such callers are one owner, 'anonymous', and see each other's tasks. Call setA2aPrincipal in a " +
          "guard, or set principal.anonymous to 'refuse', or to 'allow' if that is meant.",
      );
    }
  }

  #once(key: string, warning: string): void {
    if (this.#said.has(key)) return;
    this.#said.add(key);
    this.#log.warn(warning);
  }
}

/** One empty requirement is a choice of calling without credentials. */
const asksForCredentials = (requirements: RegisteredAgent['options']['securityRequirements'] = []): boolean =>
  requirements.length > 0 && requirements.every(({ schemes = {} }) => Object.keys(schemes).length > 0);
