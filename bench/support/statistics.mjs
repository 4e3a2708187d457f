/** The middle one, or the mean of the two in the middle. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** The value below which the part `q` of the values lies. */
export function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))];
}

/** Median, least and greatest of the quotients of what was measured in the same round, one after the other. */
export function pairedRatio(above, below) {
  const ratios = above.map((value, round) => value / below[round]);
  return { median: median(ratios), least: Math.min(...ratios), greatest: Math.max(...ratios) };
}

export const rounded = (value, digits = 2) => Number(value.toFixed(digits));

/** Median, least and greatest. */
export const spread = (values) => ({
  median: median(values),
  least: Math.min(...values),
  greatest: Math.max(...values),
});
