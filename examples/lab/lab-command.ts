import type { LabPoison } from './lab-poison.js';

/** Largest values that the lab takes. */
export const LAB_LIMITS = {
  chunks: 1_000_000,
  bytes: 1_000_000,
  delayMs: 60_000,
  sleepMs: 3_600_000,
  attempts: 1_000,
  bigBytes: 100_000_000,
} as const;

const PLAIN = ['ask', 'auth', 'fail', 'throw', 'hang', 'reject', 'loop', 'oom', 'late', 'stray', 'timer'] as const;

export type LabCommand =
  | { name: 'ask' | 'auth' | 'fail' | 'throw' | 'hang' | 'reject' }
  | { name: 'echo'; text: string }
  | { name: 'stream'; chunks: number; bytes: number; delayMs: number; waitMs: number }
  | { name: 'sleep'; ms: number }
  | { name: 'die' | 'transient'; attempts: number }
  | LabPoison;

export const LAB_USAGE = [
  'Send one of:',
  '  echo TEXT',
  `  stream CHUNKS BYTES [MS [WAIT]]   (1-${LAB_LIMITS.chunks} chunks of 1-${LAB_LIMITS.bytes} bytes, 0-${LAB_LIMITS.delayMs} ms between, and before the first)`,
  `  sleep MS                   (0-${LAB_LIMITS.sleepMs})`,
  `  die [ATTEMPTS]             (1-${LAB_LIMITS.attempts})`,
  `  transient ATTEMPTS         (1-${LAB_LIMITS.attempts})`,
  `  big BYTES                  (1-${LAB_LIMITS.bigBytes})`,
  `  block MS                   (0-${LAB_LIMITS.sleepMs}; without giving the event loop back)`,
  '  ask | auth | fail | throw | hang | reject | loop | oom | late | stray | timer',
].join('\n');

/** Reads a message's text; undefined when it is no command, or a number is missing or out of its range. */
export function parseLabCommand(text: string): LabCommand | undefined {
  if (text.startsWith('echo ')) return { name: 'echo', text: text.slice(5) };
  const [name, ...words] = text.trim().split(/\s+/, 6);
  const numbers = words.map((word) => (/^\d{1,9}$/.test(word) ? Number(word) : -1));
  if (name === 'stream') return streamCommand(numbers);
  if (name === 'sleep' || name === 'block') {
    const [ms = -1] = numbers;
    return numbers.length === 1 && within(ms, 0, LAB_LIMITS.sleepMs) ? { name, ms } : undefined;
  }
  if (name === 'die') {
    const [attempts = LAB_LIMITS.attempts] = numbers;
    return numbers.length <= 1 && within(attempts, 1, LAB_LIMITS.attempts) ? { name, attempts } : undefined;
  }
  if (name === 'transient') {
    const [attempts = -1] = numbers;
    return numbers.length === 1 && within(attempts, 1, LAB_LIMITS.attempts) ? { name, attempts } : undefined;
  }
  if (name === 'big') {
    const [bytes = -1] = numbers;
    return numbers.length === 1 && within(bytes, 1, LAB_LIMITS.bigBytes) ? { name, bytes } : undefined;
  }
  const plain = PLAIN.find((known) => known === name);
  return plain && words.length === 0 ? { name: plain } : undefined;
}

function streamCommand(numbers: number[]): LabCommand | undefined {
  const [chunks = -1, bytes = -1, delayMs = 0, waitMs = 0] = numbers;
  const valid =
    numbers.length <= 4 &&
    within(chunks, 1, LAB_LIMITS.chunks) &&
    within(bytes, 1, LAB_LIMITS.bytes) &&
    within(delayMs, 0, LAB_LIMITS.delayMs) &&
    within(waitMs, 0, LAB_LIMITS.delayMs);
  return valid ? { name: 'stream', chunks, bytes, delayMs, waitMs } : undefined;
}

const within = (value: number, least: number, most: number): boolean => value >= least && value <= most;
