export interface Readability {
  /** Flesch reading ease: about 0 to 100, higher is easier. */
  readonly readingEase: number;
  /** Flesch-Kincaid grade: years of school in the United States. */
  readonly grade: number;
  readonly level: string;
}

const LEVELS: readonly (readonly [least: number, level: string])[] = [
  [90, 'very easy'],
  [80, 'easy'],
  [70, 'fairly easy'],
  [60, 'plain English'],
  [50, 'fairly difficult'],
  [30, 'difficult'],
  [-Infinity, 'very difficult'],
];

/** Both formulas are made for English prose; undefined without words. */
export function readabilityOf(words: number, sentences: number, syllables: number): Readability | undefined {
  if (words === 0 || sentences === 0) return undefined;
  const [wordsPerSentence, syllablesPerWord] = [words / sentences, syllables / words];
  const readingEase = round(206.835 - 1.015 * wordsPerSentence - 84.6 * syllablesPerWord);
  const grade = round(0.39 * wordsPerSentence + 11.8 * syllablesPerWord - 15.59);
  return { readingEase, grade, level: LEVELS.find(([least]) => readingEase >= least)![1] };
}

const round = (value: number): number => Math.round(value * 10) / 10;
