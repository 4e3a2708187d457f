// Loaded before the service: at SIGUSR2 it collects what is garbage, and says how many bytes are left.
import { setImmediate } from 'node:timers';
import v8 from 'node:v8';
import vm from 'node:vm';

v8.setFlagsFromString('--expose-gc');
const gc = vm.runInNewContext('gc');

process.on('SIGUSR2', () => {
  // What finalizers let go of is garbage of the second round.
  gc();
  setImmediate(() => {
    gc();
    const { heapUsed, external } = process.memoryUsage();
    process.stdout.write(`memory-report ${heapUsed + external}\n`);
  });
});
