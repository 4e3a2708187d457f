import { CliError } from '../cli.error.js';

const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000 };

/** `90d`, `12h` or a date as ISO 8601. @throws CliError */
export function expiryOf(text: string, now = Date.now()): string {
  const [, count, unit = ''] = /^(\d{1,6})([hd])$/.exec(text) ?? [];
  const time = count === undefined ? Date.parse(text) : now + Number(count) * UNITS[unit]!;
  if (count === undefined && !/^\d{4}-\d\d-\d\d/.test(text)) throw wrong(text);
  if (Number.isNaN(time)) throw wrong(text);
  if (time <= now) throw new CliError(`--expires ${text} is in the past.`);
  return new Date(time).toISOString();
}

const wrong = (text: string): CliError =>
  new CliError(`--expires must be like 90d, 12h or 2030-01-31, but is '${text}'.`);
