import type { SeededRandom } from '../seeded-random.js';

export const pick = <T>(random: SeededRandom, from: readonly T[]): T => from[random.between(0, from.length - 1)]!;

type Container = Record<string, unknown> | unknown[];

const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null;

/** Every place in a JSON value: the object or array that holds it, and its key there. */
function placesOf(value: unknown, places: [Container, string][] = []): [Container, string][] {
  if (!isContainer(value)) return places;
  for (const key of Object.keys(value)) {
    places.push([value, key]);
    placesOf((value as Record<string, unknown>)[key], places);
  }
  return places;
}

/** The value with one place changed: another value, gone, wrapped, unwrapped, doubled, or under another name. */
export function mutateJson(random: SeededRandom, value: unknown, hostile: readonly unknown[]): unknown {
  const copy: unknown = structuredClone(value);
  const places = placesOf(copy);
  if (places.length === 0) return pick(random, hostile);
  const [holder, key] = pick(random, places) as [Record<string, unknown>, string];
  const before = holder[key];
  switch (random.between(0, 6)) {
    case 0:
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else delete holder[key];
      break;
    case 1:
      holder[key] = [before];
      break;
    case 2:
      holder[key] = isContainer(before) ? Object.values(before)[0] : { [key]: before };
      break;
    case 3:
      if (Array.isArray(holder)) holder.push(...Array.from({ length: random.between(1, 40) }, () => before));
      else holder[`${key}s`] = before;
      break;
    case 4:
      holder[key] = typeof before === 'string' ? mutateText(random, before) : before === null ? {} : null;
      break;
    default:
      holder[key] = pick(random, hostile);
  }
  return copy;
}

const ODD = [
  '\0',
  '\ud800',
  '\u2028',
  '"',
  '\\',
  '{',
  '%00',
  '%',
  '%ff',
  '../',
  '//',
  ':',
  ';',
  '\r\n',
  '𝒳',
  ' ',
  '*',
  '$',
  '?',
];

/** Text with something put in, taken out, repeated or turned round. */
export function mutateText(random: SeededRandom, text: string): string {
  const at = random.between(0, text.length);
  switch (random.between(0, 4)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + text.slice(at + 1);
    case 2:
      return text.slice(0, at) + text.slice(0, at).repeat(random.between(1, 30)) + text.slice(at);
    case 3:
      return [...text].reverse().join('');
    default:
      return text.slice(0, at) + pick(random, ODD) + text.slice(at);
  }
}

/** Bytes with some flipped, cut off, taken out, put in or repeated. */
export function mutateBytes(random: SeededRandom, bytes: Buffer): Buffer {
  let changed = Buffer.from(bytes);
  for (let left = random.between(1, 4); left > 0; left--) {
    const at = random.between(0, Math.max(0, changed.length - 1));
    const length = random.between(1, 16);
    const before = changed.subarray(0, at);
    switch (random.between(0, 4)) {
      case 0:
        if (changed.length > 0) changed[at] = random.between(0, 255);
        break;
      case 1:
        changed = Buffer.from(before);
        break;
      case 2:
        changed = Buffer.concat([before, changed.subarray(at + length)]);
        break;
      case 3:
        changed = Buffer.concat([
          before,
          Buffer.from(Array.from({ length }, () => random.between(0, 255))),
          changed.subarray(at),
        ]);
        break;
      default:
        changed = Buffer.concat([before, changed.subarray(at, at + length), changed.subarray(at)]);
    }
  }
  return changed;
}
