/** The middle one, or the mean of the two in the middle. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** Median, least and greatest of the quotients of what was measured in the same round, one after the other. */
export function pairedRatio(above, below) {
  const ratios = above.map((value, round) => value / below[round]);
  return { median: median(ratios), least: Math.min(...ratios), greatest: Math.max(...ratios) };
}

export const rounded = (value, digits = 2) => Number(value.toFixed(digits));
