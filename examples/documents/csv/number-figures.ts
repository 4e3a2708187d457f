export interface NumberFigures {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** The middle one; the mean of the two in the middle when they are even in number. */
  readonly median: number;
}

/** Undefined without numbers. */
export function numberFigures(numbers: readonly number[]): NumberFigures | undefined {
  const sorted = Float64Array.from(numbers).sort();
  const { length } = sorted;
  if (length === 0) return undefined;
  const [low, high] = [sorted[(length - 1) >> 1]!, sorted[length >> 1]!];
  // Step by step and half by half: sums of large numbers overflow.
  let mean = 0;
  sorted.forEach((value, index) => (mean += value / (index + 1) - mean / (index + 1)));
  return { min: sorted[0]!, max: sorted[length - 1]!, mean, median: low === high ? low : low / 2 + high / 2 };
}
