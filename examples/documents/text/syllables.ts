/** Syllables of an English word, by its groups of vowels: a guess; at least 1. */
export function countSyllables(word: string): number {
  const letters = word
    .slice(0, 64)
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z]/g, '');
  const groups = spoken(letters).match(/[aeiouy]+/g)?.length ?? 0;
  return Math.max(1, groups + hiatus(letters));
}

/** Without endings whose e is silent: plates, hoped, made, but not boxes, needed or table. */
function spoken(letters: string): string {
  if (letters.length <= 3) return letters;
  if (/(?:[^td]ed|[^cgsxz]es)$/.test(letters) && !/(?:[^aeiouy]led|[^aeiouy]les|shes|ches)$/.test(letters)) {
    return letters.slice(0, -2);
  }
  return /[^aeiouy]le$/.test(letters) ? letters : letters.replace(/e$/, '');
}

/** Neighbouring vowels that are spoken apart: creation, idea, being, science. */
const hiatus = (letters: string): number =>
  letters.match(/(?:creat|idea|eing|[^gq]ua[lt]|scien|[^tscg]iou|[aeo]ing)/g)?.length ?? 0;
