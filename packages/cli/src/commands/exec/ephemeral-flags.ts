import { boolean, string } from '@oclif/core/flags';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { parseDuration } from '@vastai-cli/kit/input/duration';
import type { BrokerFlagValues } from './broker-flags.js';

/** Longest `--ttl`, in seconds: a timer of Node takes no more. */
const LONGEST_TTL = 24 * 86_400;

/** The flags of `exec --ephemeral`. */
export const EPHEMERAL_FLAGS = {
  ephemeral: boolean({
    description:
      'Create a key for this run, with the given permissions, and delete it when the program ends.',
    helpGroup: 'EPHEMERAL KEY',
  }),
  ttl: string({
    helpValue: 'DURATION',
    description: 'Delete the key after this time, such as 15m, and end the program.',
    helpGroup: 'EPHEMERAL KEY',
  }),
};

/** The values of these flags, and of those for permissions. */
export interface EphemeralFlagValues
  extends Pick<BrokerFlagValues, 'permission_file' | 'preset' | 'allow' | 'broker'> {
  readonly ephemeral: boolean;
  readonly ttl?: string | undefined;
}

/**
 * Returns the seconds of `--ttl`; `undefined` without it.
 *
 * @throws UsageError if a flag needs another one, or is not a duration
 */
export function requireEphemeral(flags: EphemeralFlagValues): number | undefined {
  const { ephemeral, ttl, permission_file: file, preset, allow, broker } = flags;
  const limit = file === undefined ? (preset === undefined ? 'allow' : 'preset') : 'permission_file';
  const isLimited = (file ?? preset ?? allow) !== undefined;
  if (isLimited && !ephemeral && !broker)
    throw new UsageError(
      `--${limit} needs --broker or --ephemeral.`,
      '--broker keeps the key here, and refuses what is not allowed. --ephemeral gives the program a key of its own, which can do no more.',
    );
  if (ephemeral && !isLimited)
    throw new UsageError(
      '--ephemeral needs --permission_file, --preset or --allow.',
      'They say what the key of this run can do. For example: --preset monitoring',
    );
  if (file === '-')
    throw new UsageError('--permission_file cannot read standard input: it belongs to the program.');
  if (ttl === undefined) return undefined;
  if (!ephemeral) throw new UsageError('--ttl needs --ephemeral.');
  const seconds = parseDuration(ttl);
  if (seconds === undefined || seconds < 1 || seconds > LONGEST_TTL)
    throw new UsageError('--ttl takes a number with s, m, h, d or w, at most 24d.', 'For example: --ttl 15m');
  return seconds;
}
