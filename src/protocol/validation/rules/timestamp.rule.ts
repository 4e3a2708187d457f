import { HasRule, problem } from './rule.js';

const DESCRIPTION = 'must be an RFC 3339 timestamp from year 1 to 9999, like 2025-01-31T23:59:59.000Z';
const TIMESTAMP = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(?:Z|[+-](\d\d):(\d\d))$/;
const FIRST = Date.parse('0001-01-01T00:00:00.000Z');
const LAST = Date.parse('9999-12-31T23:59:59.999Z');
/** The widest offset that Postgres takes. */
const MAX_OFFSET_HOURS = 15;

/** A real date and time in the range of `google.protobuf.Timestamp`. Leap seconds are none of it. */
export function isTimestamp(value: string): boolean {
  const match = TIMESTAMP.exec(value);
  if (!match) return false;
  const [year, month, day, hour, minute, second, offsetHours, offsetMinutes] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  if (month! < 1 || month! > 12 || day! < 1 || day! > daysIn(year!, month!)) return false;
  if (hour! > 23 || minute! > 59 || second! > 59 || offsetHours! > MAX_OFFSET_HOURS || offsetMinutes! > 59)
    return false;
  const instant = Date.parse(value);
  return instant >= FIRST && instant <= LAST;
}

export const IsTimestamp = (): PropertyDecorator =>
  HasRule('isTimestamp', (value) =>
    typeof value === 'string' && isTimestamp(value) ? undefined : problem(DESCRIPTION),
  );

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
