/** Returns the value below which `part` (0 to 1) of the samples lie, interpolated between the two nearest. */
function quantile(samples, part) {
  const sorted = [...samples].sort((a, b) => a - b);
  const place = (sorted.length - 1) * part;
  const below = sorted[Math.floor(place)];
  return below + (sorted[Math.ceil(place)] - below) * (place - Math.floor(place));
}

/**
 * Returns the median of the samples and the ends of their middle half.
 *
 * @param {readonly number[]} samples at least one, in any order
 */
export function quartiles(samples) {
  return { low: quantile(samples, 0.25), median: quantile(samples, 0.5), high: quantile(samples, 0.75) };
}

/**
 * Divides pair by pair, so that a temporary slowdown affects both runs of a pair and cancels out.
 *
 * @param {readonly { subject: number, yardstick: number }[]} pairs at least one
 */
export function ratios(pairs) {
  return quartiles(pairs.map(({ subject, yardstick }) => subject / yardstick));
}

/** Returns the width of the middle half as a part of the median: what other work does to a measurement. */
export function spread(samples) {
  const { low, median, high } = quartiles(samples);
  return (high - low) / median;
}
