const YEAR_FIRST =
  /^(\d{4})([-/])(\d{2})\2(\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/;
const DAY_FIRST = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/;

/**
 * Reads `2026-01-31`, `2026/01/31`, both with a time (`T12:30`, ` 12:30:15.5`, with or without a zone; without one it is taken
 * for UTC) and `31.1.2026`. Dates like 01/02/2026 mean one thing here and another there: they are not read.
 * Milliseconds since 1970; undefined for anything else, and for days that no calendar has.
 */
export function parseDate(text: string): number | undefined {
  const [, year, , month, day, time = '00:00', zone = 'Z'] = YEAR_FIRST.exec(text) ?? [];
  if (year && month && day) return timeOf(year, month, day, time, zone);
  const [, dayFirst, monthSecond, yearLast] = DAY_FIRST.exec(text) ?? [];
  if (!dayFirst || !monthSecond || !yearLast) return undefined;
  return timeOf(yearLast, monthSecond.padStart(2, '0'), dayFirst.padStart(2, '0'), '00:00', 'Z');
}

function timeOf(year: string, month: string, day: string, time: string, zone: string): number | undefined {
  const midnight = Date.parse(`${year}-${month}-${day}T00:00Z`);
  // Date takes the 30th of February for the 2nd of March.
  if (Number.isNaN(midnight) || new Date(midnight).getUTCDate() !== Number(day)) return undefined;
  const offset = zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone;
  const parsed = Date.parse(`${year}-${month}-${day}T${time}${offset}`);
  return Number.isNaN(parsed) ? undefined : parsed;
}
