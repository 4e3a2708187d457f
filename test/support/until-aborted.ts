import { once } from 'node:events';

type Stoppable = Readonly<{ signal: AbortSignal }>;

/** For agents: resolves when the run is told to stop. A run can be told before it calls its agent. */
export async function untilAborted({ signal }: Stoppable): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

/** For agents: rejects with the reason when the run is told to stop. */
export async function rejectWhenAborted(context: Stoppable): Promise<never> {
  await untilAborted(context);
  throw context.signal.reason;
}
