// Loaded before a server: at SIGUSR2 it collects what is garbage, so that its resident set says what it holds.
import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
process.on('SIGUSR2', () => {
  // What the first collection finalizes the next one frees.
  for (let round = 0; round < 3; round++) collect();
});
