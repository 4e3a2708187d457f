import type { RequeueOptions } from './run-store.interface.js';

/** In how many ms from now a task that is handed back has its place in the line; undefined: it has that of its making. */
export const placeInMs = ({ delayMs, behind = false }: RequeueOptions): number | undefined =>
  delayMs === 0 && !behind ? undefined : delayMs;
