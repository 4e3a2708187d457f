import { Injectable } from '@nestjs/common';
import { ByteBudget, type HeldBytes } from '../common/byte-budget.js';
import { jsonSize } from '../common/json-size.js';
import type { LimitsOptions } from '../common/limits.options.js';
import { newId } from '../protocol/ids.js';
import { overloaded } from '../protocol/errors/index.js';
import type { SendMessageRequest } from '../protocol/model/index.js';
import { type CallContext, isAuthenticated } from '../security/call-context.js';

/** What the client's own part of a request takes in memory, about. */
export const bytesOf = ({ message, metadata }: SendMessageRequest): number => jsonSize(message) + jsonSize(metadata);

/**
 * The messages that wait for the storage, in bytes: one that does not answer must not fill the memory. Apart from what waits for
 * clients, so that those who do not read keep nobody from sending.
 */
@Injectable()
export class MessageBacklog {
  readonly #budget: ByteBudget;

  constructor({ maxUnstoredBytes }: Pick<LimitsOptions, 'maxUnstoredBytes'>) {
    this.#budget = new ByteBudget({ maxBytes: maxUnstoredBytes, maxBytesPerOwner: Math.ceil(maxUnstoredBytes / 4) });
  }

  get bytes(): number {
    return this.#budget.held();
  }

  /** Counts a message until it is released. Throws OVERLOADED. */
  enter(request: SendMessageRequest, caller: CallContext, bytes = bytesOf(request)): HeldBytes {
    // Those whom nobody has identified are not one caller: each of their messages stands for itself.
    const owner = isAuthenticated(caller) ? caller.owner : `message ${newId()}`;
    const entered = this.#budget.acquire(owner, bytes);
    if (entered.ok) return entered;
    throw overloaded(
      entered.full === 'owner'
        ? 'Too many bytes of your messages wait to be stored. Send fewer at a time, and this one again later.'
        : 'Too many bytes of messages wait to be stored. Send this one again later, or to another instance.',
    );
  }
}
