/**
 * A quantile, interpolated between the two nearest samples.
 *
 * @param {readonly number[]} samples at least one, in any order
 * @param {number} part from 0 to 1
 */
function quantile(samples, part) {
  const sorted = [...samples].sort((a, b) => a - b);
  const place = (sorted.length - 1) * part;
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  return below + (above - below) * (place - Math.floor(place));
}

/** @param {readonly number[]} samples at least one */
export function median(samples) {
  return quantile(samples, 0.5);
}

/**
 * The middle, and the ends of the middle half.
 *
 * @param {readonly number[]} samples at least one
 * @returns {{ low: number, median: number, high: number }}
 */
function quartiles(samples) {
  return { low: quantile(samples, 0.25), median: median(samples), high: quantile(samples, 0.75) };
}

/**
 * How wide the middle half is, as a part of the median: what the machine's other work does to a measurement.
 *
 * @param {readonly number[]} samples at least one, greater than 0
 */
export function spread(samples) {
  const { low, median: middle, high } = quartiles(samples);
  return (high - low) / middle;
}

/**
 * What a subject takes of what its yardstick takes, pair by pair: what slows the machine down for a while slows both
 * of a pair, and drops out.
 *
 * @param {readonly { subject: number, yardstick: number }[]} pairs at least one
 */
export function ratios(pairs) {
  return quartiles(pairs.map(({ subject, yardstick }) => subject / yardstick));
}
