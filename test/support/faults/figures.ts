import { appendFileSync } from 'node:fs';
import { expect } from '@jest/globals';

/** `npm run test:faults`: more tasks, longer outages. */
export const FULL = process.env.A2A_FAULTS_FULL === '1';

/** Two sizes of one thing: for `npm test`, and for `npm run test:faults`. */
export const sized = <T>(short: T, full: T): T => (FULL ? full : short);

/** Prints what a test measured; `npm run test:faults` repeats it in its table. */
export function figures(text: string): void {
  process.stderr.write(`${text}\n`);
  const file = process.env.A2A_FAULTS_FIGURES;
  const { currentTestName: name, testPath } = expect.getState();
  if (file) appendFileSync(file, `${JSON.stringify({ testPath, name, text })}\n`);
}

const ms = (value: number): string => `${Math.round(value)} ms`;

/** `p50 12 ms, p99 40 ms, max 51 ms`. */
export function spread(values: readonly number[]): string {
  if (values.length === 0) return 'nothing measured';
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part: number): string => ms(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN);
  return `p50 ${at(0.5)}, p99 ${at(0.99)}, max ${ms(sorted.at(-1) ?? NaN)}`;
}
