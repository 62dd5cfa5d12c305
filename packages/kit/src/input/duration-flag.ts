import { custom } from '@oclif/core/flags';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { parseDuration } from './duration.js';

/** Limits a flag, and shows how to use it. Each is a duration, such as `90d`. */
type DurationOptions = {
  readonly example?: string;
  readonly atLeast?: string;
  readonly atMost?: string;
};

/** Declares a flag that takes a duration. Its value is in seconds. */
export const durationFlag = custom<number, DurationOptions>({
  helpValue: 'DURATION',
  async parse(text, _, { name, example = '90d', atLeast = '0s', atMost }) {
    const seconds = parseDuration(text);
    const isTooShort = seconds === undefined || seconds < (parseDuration(atLeast) ?? 0);
    const longest = atMost === undefined ? undefined : parseDuration(atMost);
    if (!isTooShort && (longest === undefined || seconds <= longest)) return seconds;
    const limit = atMost === undefined ? '' : `, and at most ${atMost}`;
    throw new UsageError(`--${name} takes a number and s, m, h, d or w, such as ${example}${limit}.`);
  },
});
