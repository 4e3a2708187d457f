import { duration } from './quantities.js';

const two = (value: number, digits = 2): string => String(value).padStart(digits, '0');

/** 14:03:22.123 in local time */
export function clock(at: string, withMs = true): string {
  const time = new Date(at);
  const text = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
  return withMs ? `${text}.${two(time.getMilliseconds(), 3)}` : text;
}

/** 2026-11-29 14:03:22 in local time */
export function dateTime(at: string): string {
  const time = new Date(at);
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${clock(at, false)}`;
}

/** '12 s ago', 'in 3 min 5 s', 'now' */
export function relative(at: string, now: number): string {
  const ms = now - Date.parse(at);
  if (Math.abs(ms) < 1_000) return 'now';
  return ms > 0 ? `${rough(ms)} ago` : `in ${rough(-ms)}`;
}

/** One unit only: '3 min' */
export function rough(ms: number): string {
  if (ms < 60_000) return `${Math.floor(ms / 1_000)} s`;
  return duration(ms).split(' ').slice(0, 2).join(' ');
}

/** The value of a datetime-local field, in local time; '' for an absent time. */
export function localInput(ms: number | undefined): string {
  if (ms === undefined || Number.isNaN(ms)) return '';
  const iso = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString();
  return iso.slice(0, 16);
}
