import { describe } from '@jest/globals';
import { openForSuite, type ContractOptions, type OpenFunction } from './open-suite.js';
import { appending } from './task-store/appending.js';
import { creating } from './task-store/creating.js';
import { durability } from './task-store/durability.js';
import { listing } from './task-store/listing.js';
import { listingWithoutArtifacts } from './task-store/listing-without-artifacts.js';
import { opening } from './task-store/opening.js';
import { paging } from './task-store/paging.js';
import { pagingByBytes } from './task-store/paging-by-bytes.js';
import { reading } from './task-store/reading.js';
import { resting } from './task-store/resting.js';
import { retention } from './task-store/retention.js';
import { scope } from './task-store/scope.js';
import { strangeText } from './task-store/strange-text.js';
import { usage } from './task-store/usage.js';

/** What every TaskStore must do. */
export function taskStoreContract(name: string, open: OpenFunction, options: ContractOptions = {}): void {
  describe(`TaskStore (${name})`, () => {
    const subject = openForSuite(open);
    creating(subject);
    scope(subject);
    appending(subject);
    reading(subject);
    opening(subject);
    strangeText(subject);
    listing(subject);
    listingWithoutArtifacts(subject);
    paging(subject);
    pagingByBytes(subject, options);
    resting(subject);
    retention(subject);
    usage(subject);
    if (options.durable) durability(subject);
  });
}
