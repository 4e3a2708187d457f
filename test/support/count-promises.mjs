// `node --import`: writes to the file A2A_TEST_PROMISES how many promises the process has made.
import { createHook } from 'node:async_hooks';
import { renameSync, writeFileSync } from 'node:fs';
import { setInterval } from 'node:timers';

const EVERY_MS = 20;
let promises = 0;
createHook({ init: (_id, type) => void (type === 'PROMISE' && promises++) }).enable();
const file = process.env.A2A_TEST_PROMISES;
setInterval(() => {
  writeFileSync(`${file}.next`, String(promises));
  renameSync(`${file}.next`, file);
}, EVERY_MS).unref();
