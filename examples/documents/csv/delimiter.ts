import { csvRecords } from './csv.parser.js';

export type Delimiter = ',' | ';' | '\t';

const DELIMITERS: readonly Delimiter[] = [',', ';', '\t'];
const SAMPLE_CHARACTERS = 65_536;
const SAMPLE_RECORDS = 50;

/**
 * The delimiter with which the first records agree best on how many fields they have; with equal agreement the one that makes
 * more fields. A comma when none of them separates anything.
 */
export function detectDelimiter(text: string): Delimiter {
  const sample = text.slice(0, SAMPLE_CHARACTERS);
  const rated = DELIMITERS.map((delimiter) => ({
    delimiter,
    ...agreement(sample, delimiter, sample.length < text.length),
  }));
  return rated.reduce((best, one) =>
    one.share > best.share || (one.share === best.share && one.width > best.width) ? one : best,
  ).delimiter;
}

/** The commonest number of fields above 1, and the share of records that have it. */
function agreement(sample: string, delimiter: Delimiter, cutOff: boolean): { share: number; width: number } {
  const widths: number[] = [];
  for (const { fields } of csvRecords(sample, delimiter)) {
    widths.push(fields.length);
    // One more than is looked at: the last may be cut off.
    if (widths.length > SAMPLE_RECORDS) break;
  }
  if (widths.length > SAMPLE_RECORDS || (cutOff && widths.length > 1)) widths.pop();
  const counts = new Map<number, number>();
  for (const width of widths) if (width > 1) counts.set(width, (counts.get(width) ?? 0) + 1);
  const [width, count] = [...counts].reduce((best, one) => (one[1] > best[1] ? one : best), [0, 0]);
  return { share: widths.length === 0 ? 0 : count / widths.length, width };
}
