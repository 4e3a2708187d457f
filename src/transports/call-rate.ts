import type { ClientLimits } from '../common/client-limits.js';
import type { StoredUsage } from '../common/quotas/known-usage.js';
import type { OwnerQuota } from '../common/quotas/quotas.options.js';
import type { RateState } from '../common/rate-limit.js';
import { resourceExhausted } from '../protocol/errors/index.js';
import { ANONYMOUS, callerKey } from '../security/call-context.js';
import { tooManyCalls } from './over-budget.js';

const MINUTE_S = 60;

/** Who makes a call, as limits count it. */
export interface CountedCaller {
  readonly owner?: string | undefined;
  readonly address: string | undefined;
}

/**
 * Takes a call from its caller's budget, at once unless the storage must be asked. `tell` gets the headers that say what is left, also if
 * the call is refused (draft-ietf-httpapi-ratelimit-headers, from version 08 on). Throws, or rejects with, A2AError RESOURCE_EXHAUSTED: the
 * budget is used up.
 */
export function takeCall(
  { rate, quotas, usage }: Pick<ClientLimits, 'rate' | 'quotas' | 'usage'>,
  { owner = ANONYMOUS, address }: CountedCaller,
  tell: (headers: Readonly<Record<string, string>>) => void = () => undefined,
): void | Promise<void> {
  const quota = quotas.ofOwner(owner);
  const state = rate.take(callerKey(owner, address), quota.callsPerMinute);
  const judge = (taken: RateState | undefined): void => {
    const left = [...callsLeft(taken), ...storedLeft(quota, usage.of(owner))];
    if (left.length > 0) {
      tell({
        'RateLimit-Policy': left.map(({ policy }) => policy).join(', '),
        RateLimit: left.map(({ limit }) => limit).join(', '),
      });
    }
    if (taken?.ok !== false) return;
    throw resourceExhausted(
      `You have made more than ${quota.callsPerMinute} calls per minute. Try again after the given time.`,
      taken.retryMs / 1_000,
    );
  };
  return state instanceof Promise ? state.then(judge) : judge(state);
}

/** Counts a call in progress until `leave`. @throws A2AError RESOURCE_EXHAUSTED: the caller has too many of them. */
export function enterCall(
  { calls, quotas }: Pick<ClientLimits, 'calls' | 'quotas'>,
  { owner = ANONYMOUS, address }: CountedCaller,
): string {
  const caller = callerKey(owner, address);
  const { openCalls } = quotas.ofOwner(owner);
  if (!calls.enter(caller, openCalls)) throw tooManyCalls(openCalls);
  return caller;
}

/** One policy as both headers have it. */
interface Left {
  readonly policy: string;
  readonly limit: string;
}

function callsLeft(state: RateState | undefined): Left[] {
  if (state === undefined) return [];
  const { perMinute, remaining, resetMs } = state;
  const resetS = Math.ceil(Math.floor(resetMs) / 1_000);
  return [{ policy: `"calls";q=${perMinute};w=${MINUTE_S}`, limit: `"calls";r=${remaining};t=${resetS}` }];
}

/** Nothing until it was counted. */
function storedLeft({ storedTasks, storedBytes }: OwnerQuota, usage: StoredUsage | undefined): Left[] {
  if (usage === undefined) return [];
  return [
    ['stored-tasks', storedTasks, usage.tasks] as const,
    ['stored-bytes', storedBytes, usage.bytes] as const,
  ].flatMap(([name, quota, used]) =>
    quota === 0 ? [] : [{ policy: `"${name}";q=${quota}`, limit: `"${name}";r=${Math.max(0, quota - used)}` }],
  );
}
