import { execFile } from 'node:child_process';
import process from 'node:process';
import { promisify } from 'node:util';
import { benchFile } from '../support/paths.mjs';

/** Runs a client as a process of its own: what it measures is not slowed down by what else this one does. */
export async function runClient(file, input) {
  const { stdout } = await promisify(execFile)(process.execPath, [benchFile(`clients/${file}`), JSON.stringify(input)]);
  return JSON.parse(stdout);
}
