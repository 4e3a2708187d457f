import { expect } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RpcAnswer } from '../rpc.client.js';
import type { LabAgentId, Replica, ReplicaFleet } from './replica.fleet.js';

const RETRY_MS = 50;
const CALL_LIMIT_MS = 15_000;

type RpcError = NonNullable<RpcAnswer['error']>;

export interface PatientCallOptions<T> {
  readonly agent?: LabAgentId;
  /** The replica that is asked first; default: any. */
  readonly at?: number;
  /** Called with each refusal or broken connection, after which another replica is asked the same. */
  readonly onRetry?: () => void;
  /** What an error amounts to; undefined: it must be one that says that the call may be made again. */
  readonly onError?: (error: RpcError) => Promise<T> | Promise<T | undefined> | undefined;
}

/** Asks replicas, one after the other, until one answers with a result. */
export async function patientCall<T>(
  fleet: ReplicaFleet,
  method: string,
  params: unknown,
  { agent = 'lab', at, onRetry, onError }: PatientCallOptions<T> = {},
): Promise<T> {
  let replica: Replica | undefined = at === undefined ? fleet.any() : fleet.at(at);
  for (; ; replica = fleet.any()) {
    const call = replica?.lab(agent).call<T>(method, params, {}, AbortSignal.timeout(CALL_LIMIT_MS));
    const answer = await call?.catch(() => undefined);
    if (answer?.result !== undefined) return answer.result;
    if (answer?.error) {
      const amountsTo = await onError?.(answer.error);
      if (amountsTo !== undefined) return amountsTo;
      expect(answer.error.message).toMatch(/again/);
    }
    onRetry?.();
    await sleep(RETRY_MS);
  }
}
