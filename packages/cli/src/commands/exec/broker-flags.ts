import { boolean, integer, string } from '@oclif/core/flags';
import { UsageError } from '@vastai-cli/core/internal/base/errors';

/** The group of the flags that need `--broker`. */
const BROKER = 'BROKER';

/** The group of the flags that `--ephemeral` takes too. */
const DOCUMENT = 'BROKER AND EPHEMERAL KEY';

/** The flags of `exec --broker`. */
export const BROKER_FLAGS = {
  broker: boolean({
    description:
      'Give the program a token instead of the key. A broker on this machine forwards its requests, and refuses those that are not allowed.',
  }),
  record: string({
    helpValue: 'FILE',
    description: 'Append one line of JSON for each call to this file.',
    helpGroup: BROKER,
  }),
  permission_file: string({
    aliases: ['permission-file'],
    helpValue: 'FILE',
    description: 'Allow only what this permission document grants.',
    helpGroup: DOCUMENT,
    exclusive: ['preset', 'allow'],
  }),
  preset: string({
    helpValue: 'NAME',
    description: 'Allow only what a common task needs; see "permissions init".',
    helpGroup: DOCUMENT,
  }),
  allow: string({
    multiple: true,
    multipleNonGreedy: true,
    helpValue: 'GRANT',
    description:
      'Allow only this CATEGORY, CATEGORY:ENDPOINT or CATEGORY:ENDPOINT:param=value. Can be repeated, and combined with --preset.',
    helpGroup: DOCUMENT,
  }),
  only: string({
    multiple: true,
    helpValue: 'OPERATION',
    description: 'Allow only these operations, such as instance.show; see "permissions operations".',
    helpGroup: BROKER,
  }),
  'own-instances': boolean({
    description: 'Allow access only to instances that this run created.',
    helpGroup: BROKER,
  }),
  'max-creates': integer({
    min: 0,
    helpValue: 'N',
    description: 'Create at most this many instances.',
    helpGroup: BROKER,
  }),
  'allow-sensitive': boolean({
    description:
      'Also allow operations on keys, access, secrets and payments; see "permissions operations --sensitive".',
    helpGroup: BROKER,
  }),
};

/** The values of these flags. */
export interface BrokerFlagValues {
  readonly broker: boolean;
  readonly permission_file?: string | undefined;
  readonly preset?: string | undefined;
  readonly allow?: readonly string[] | undefined;
  readonly only?: readonly string[] | undefined;
  readonly 'own-instances': boolean;
  readonly 'max-creates'?: number | undefined;
  readonly 'allow-sensitive': boolean;
  readonly record?: string | undefined;
}

/** @throws UsageError for a flag that does nothing without `--broker`. Permissions also limit a key of `--ephemeral`. */
export function requireBroker(flags: BrokerFlagValues): void {
  const { broker, permission_file: _file, preset: _preset, allow: _allow, ...others } = flags;
  if (broker) return;
  const [name] = Object.keys(BROKER_FLAGS)
    .filter((one): one is keyof typeof others => one in others)
    .filter((one) => others[one] !== undefined && others[one] !== false);
  if (name === undefined) return;
  throw new UsageError(
    `--${name} needs --broker.`,
    '--broker gives the program a token instead of the key, and refuses what is not allowed. A program that has the key can do everything that the key can.',
  );
}
