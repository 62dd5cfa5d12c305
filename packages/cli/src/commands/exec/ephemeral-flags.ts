import { boolean } from '@oclif/core/flags';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { durationFlag } from '@vastai-cli/kit/input/duration-flag';
import type { BrokerFlagValues } from './broker-flags.js';

/** The flags of `exec --ephemeral`. */
export const EPHEMERAL_FLAGS = {
  ephemeral: boolean({
    description:
      'Create a key for this run, with the given permissions, and delete it when the program ends.',
    helpGroup: 'EPHEMERAL KEY',
  }),
  ttl: durationFlag({
    example: '15m',
    atLeast: '1s',
    // A timer of Node takes no more.
    atMost: '24d',
    description: 'After this time, such as 15m, delete the key and end the program.',
    helpGroup: 'EPHEMERAL KEY',
  }),
};

/** The values of these flags, and of those for permissions. */
export interface EphemeralFlagValues
  extends Pick<BrokerFlagValues, 'permission_file' | 'preset' | 'allow' | 'broker'> {
  readonly ephemeral: boolean;
  /** In seconds. */
  readonly ttl?: number | undefined;
}

/** @throws UsageError if a flag needs another one */
export function requireEphemeral(flags: EphemeralFlagValues): void {
  const { ephemeral, ttl, permission_file: file, preset, allow, broker } = flags;
  const limit = file === undefined ? (preset === undefined ? 'allow' : 'preset') : 'permission_file';
  const isLimited = (file ?? preset ?? allow) !== undefined;
  if (isLimited && !ephemeral && !broker)
    throw new UsageError(
      `--${limit} needs --broker or --ephemeral.`,
      '--broker gives the program a token instead of the key, and refuses what is not allowed. --ephemeral creates a key that can do only what is allowed.',
    );
  if (ephemeral && !isLimited)
    throw new UsageError(
      '--ephemeral needs --permission_file, --preset or --allow.',
      'They limit what the key of this run can do. For example: --preset monitoring',
    );
  if (file === '-')
    throw new UsageError('--permission_file cannot read standard input, because the program uses it.');
  if (ttl !== undefined && !ephemeral) throw new UsageError('--ttl needs --ephemeral.');
}
