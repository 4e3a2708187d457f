import { parentPort, workerData } from 'node:worker_threads';
import type { LeaseModule } from '../../tasks/lease-connection.interface.js';
import { LeaseBoard } from './lease.board.js';
import { LeaseRenewer, type NumberedLease, type RenewerLimits } from './lease.renewer.js';

/** How often this thread reports that it is alive, in ms. */
const BEAT_MS = 250;

/** The thread's start data. */
export interface LeaseWorkerData extends RenewerLimits {
  readonly module: string;
  readonly settings: unknown;
  readonly memory: SharedArrayBuffer;
  readonly lease: NumberedLease;
}

/** 'stop': close the connection and exit. */
export type LeaseWorkerMessage = NumberedLease | 'stop';

const { module, settings, memory, lease, ...limits } = workerData as LeaseWorkerData;
const board = new LeaseBoard(memory);
const { connectLeases } = (await import(module)) as LeaseModule;
const renewer = new LeaseRenewer(await connectLeases(settings), board, limits);
const beats = setInterval(() => board.beat('threadBeat'), BEAT_MS);

parentPort?.on('message', (message: LeaseWorkerMessage) => {
  if (message !== 'stop') return renewer.renew(message);
  clearInterval(beats);
  void renewer.stop().finally(() => parentPort?.close());
});
renewer.renew(lease);
