/** A full stop after one of these ends no sentence. */
const ABBREVIATIONS = new Set(
  'mr mrs ms dr prof st sr jr vs etc e.g i.e cf al approx dept est fig inc ltd no vol pp ed eds ca op'.split(' '),
);
const FULL_STOPS = new Set('.!?…');
const CLOSERS = new Set('"\'”’)]»*_');
/** These end a sentence without white space behind them. */
const WIDE_STOPS = new Set('。！？｡');
const LONGEST_ABBREVIATION = 8;

/** Sentences of a paragraph, by its punctuation; what is behind the last full stop counts when it has a word. */
export function countSentences(paragraph: string): number {
  let count = 0;
  let from = 0;
  let at = 0;
  while (at < paragraph.length) {
    const mark = paragraph[at]!;
    if (!FULL_STOPS.has(mark) && !WIDE_STOPS.has(mark)) {
      at++;
      continue;
    }
    const stop = at;
    while (at < paragraph.length && FULL_STOPS.has(paragraph[at]!)) at++;
    while (at < paragraph.length && WIDE_STOPS.has(paragraph[at]!)) at++;
    const wide = WIDE_STOPS.has(paragraph[at - 1]!);
    while (at < paragraph.length && CLOSERS.has(paragraph[at]!)) at++;
    if (!wide && at < paragraph.length && !/\s/.test(paragraph[at]!)) continue;
    if (mark === '.' && at < paragraph.length && isAbbreviation(paragraph, stop)) continue;
    if (hasWord(paragraph.slice(from, at))) count++;
    from = at;
  }
  return hasWord(paragraph.slice(from)) ? count + 1 : count;
}

/** The word before the full stop: a known one, or initials. */
function isAbbreviation(text: string, stop: number): boolean {
  const [word] = /[\p{L}.]*$/u.exec(text.slice(Math.max(0, stop - LONGEST_ABBREVIATION), stop)) ?? [''];
  return ABBREVIATIONS.has(word.toLowerCase()) || (/^(?:\p{Lu}\.)*\p{Lu}$/u.test(word) && word !== 'I');
}

const hasWord = (text: string): boolean => /[\p{L}\p{N}]/u.test(text);
