import { Injectable } from '@nestjs/common';
import { ByteBudget, type HeldBytes } from '../common/byte-budget.js';
import { jsonSize } from '../common/large-json.js';
import type { LimitsOptions } from '../common/limits.options.js';
import { overloaded } from '../protocol/errors/index.js';
import type { SendMessageRequest } from '../protocol/model/index.js';
import { type CallContext, isAuthenticated } from '../security/call-context.js';

/** Approximate memory of the client's part of a request, in bytes. */
export const bytesOf = ({ message, metadata }: SendMessageRequest): number => jsonSize(message) + jsonSize(metadata);

/**
 * The messages that wait for the storage, in bytes: a storage that does not answer must not fill the memory. Counted apart from data that
 * waits for clients, so that slow readers do not block senders.
 */
@Injectable()
export class MessageBacklog {
  readonly #budget: ByteBudget;
  #anonymous = 0;

  constructor({ maxUnstoredBytes }: Pick<LimitsOptions, 'maxUnstoredBytes'>) {
    this.#budget = new ByteBudget({ maxBytes: maxUnstoredBytes, maxBytesPerOwner: Math.ceil(maxUnstoredBytes / 4) });
  }

  get bytes(): number {
    return this.#budget.held();
  }

  /** Counts a message until it is released. Throws OVERLOADED. */
  enter(request: SendMessageRequest, caller: CallContext, bytes = bytesOf(request)): HeldBytes {
    // Unidentified callers are not one caller: each of their messages counts by itself.
    const owner = isAuthenticated(caller) ? caller.owner : `message ${++this.#anonymous}`;
    const entered = this.#budget.acquire(owner, bytes);
    if (entered.ok) return entered;
    throw overloaded(
      entered.full === 'owner'
        ? 'Too many bytes of your messages wait to be stored. Send fewer at a time, and this one again later.'
        : 'Too many bytes of messages wait to be stored. Send this one again later, or to another instance.',
    );
  }
}
