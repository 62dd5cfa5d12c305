import { boolean, string } from '@oclif/core/flags';
import type { CreatedApiKey } from '@vastai-cli/core/internal/api/api-keys';
import type { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { isObject } from '@vastai-cli/core/internal/base/json-object';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import { noteExpiry } from '@vastai-cli/core/internal/operations/ledger/expiries';
import { readLedger } from '@vastai-cli/core/internal/operations/ledger/ledger';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import { durationFlag } from '@vastai-cli/kit/input/duration-flag';
import { grantFlags } from '@vastai-cli/kit/input/grant-flags';
import { readPermissions } from '@vastai-cli/kit/input/requested-permissions';
import type { Result } from '@vastai-cli/kit/result';
import { makeKey } from './make-key.js';

/** Enough retries for the deletion of a key to succeed despite the API's rate limit, whatever --retry says. */
const RETRIES_OF_DELETION = 3;

export default class CreateApiKey extends ApiCommand {
  static override summary = 'Create an API key and print it once.';
  static override description =
    'Prints only the new key to standard output. --permission_file, --permissions, --preset and --allow limit what the key can do; without them it has full access to the account.';
  static override examples = [
    {
      description: 'Create a key with full access:',
      command: '<%= config.bin %> create api-key --name "ci-deploy-key"',
    },
    {
      description: 'Create a key limited by a permission file:',
      command: '<%= config.bin %> create api-key --name ci --permission_file perms.json',
    },
    {
      description: 'Create a key with permissions from the command line:',
      command: `<%= config.bin %> create api-key --name ci --permissions '{"api": {"instance_read": {}}}'`,
    },
    {
      description: 'Create a monitoring key that can also destroy one instance:',
      command:
        '<%= config.bin %> create api-key --name watch --preset monitoring --allow instance_write:api.instance.destroy:id=5',
    },
    {
      description: 'Create a key that "prune api-keys --expired" can delete after 30 days:',
      command: '<%= config.bin %> create api-key --name ci --preset monitoring --expires 30d',
    },
    {
      description: 'Pipe the key to the program that needs it:',
      command: '<%= config.bin %> create api-key --name ci | gh secret set VAST_API_KEY',
    },
  ];
  static override flags = {
    name: string({ required: true, helpValue: 'NAME', description: 'The name of the new key.' }),
    permission_file: string({
      aliases: ['permission-file'],
      helpValue: 'FILE',
      description: 'A JSON file with the permissions of the new key; "-" reads standard input.',
      exclusive: ['permissions', 'preset', 'allow'],
    }),
    permissions: string({
      helpValue: 'JSON',
      description: 'The permissions of the new key as a JSON document.',
      exclusive: ['permission_file', 'preset', 'allow'],
    }),
    ...grantFlags,
    key_params: string({
      aliases: ['key-params'],
      helpValue: 'JSON',
      description: 'Parameters for wildcards in the permissions, as a JSON object.',
    }),
    'allow-unknown': boolean({
      aliases: ['allow_unknown'],
      description:
        'Create the key even if the effect of its permissions is unknown, as with an empty "api" or "*".',
    }),
    expires: durationFlag({
      example: '30d',
      atLeast: '1s',
      atMost: '36500d',
      description:
        'Record an expiry date this far from now, such as 30d. The date is kept on this machine, not by Vast.ai, and the key works until "prune api-keys --expired" deletes it.',
    }),
    keep: boolean({ description: 'Keep and print the key even if the API grants more than you asked for.' }),
  };

  async run(): Promise<Result> {
    const { flags } = await this.parse(CreateApiKey);
    const name = requireName(flags.name);
    const keyParams = readKeyParams(flags.key_params);
    const { permissions, remarks, failure } = await readPermissions({
      file: flags.permission_file,
      inline: flags.permissions,
      preset: flags.preset,
      allow: flags.allow,
      allowUnknown: flags['allow-unknown'],
    });
    if (failure !== undefined) return { document: undefined, human: [], remarks, failure };
    for (const { text } of remarks) this.output.note(text);
    const context = await this.context(flags);
    // A date that could not be noted must be known before there is a key.
    if (flags.expires !== undefined) await readLedger(context.paths);
    const found = await this.keyOf(context);
    const patient = { ...flags, retry: Math.max(flags.retry, RETRIES_OF_DELETION) };
    const { output, interruption } = this;
    const making = {
      paths: context.paths,
      client: await this.clientFor(flags, context, found),
      ...(flags.expires === undefined ? {} : { noteExpiry: expiryNote(context, found.key, flags.expires) }),
      patientClient: await this.clientFor(patient, context, found, this.givingUp),
      output,
      interruption,
      keep: flags.keep,
    };
    return this.uninterrupted(() => makeKey({ name, permissions, keyParams }, making));
  }
}

/** Returns a function that notes when a new key expires, and returns that time in seconds since 1970. */
function expiryNote(
  context: Context,
  maker: ApiKey,
  lifetime: number,
): (made: Pick<CreatedApiKey, 'id' | 'name'>) => Promise<number> {
  return async ({ id, name }) => {
    const expires = Math.floor(Date.now() / 1000) + lifetime;
    await noteExpiry(context, { id, name, expires }, { origin: context.url.origin, maker });
    return expires;
  };
}

/** Returns the trimmed name. @throws UsageError if it is empty or contains a control character. */
function requireName(text: string): string {
  const name = text.trim();
  if (name === '') {
    throw new UsageError(
      'The name of the key is empty.',
      'Choose a name that helps you find the key later: --name NAME',
    );
  }
  if (/\p{Cc}/u.test(name)) throw new UsageError('The name of the key contains a control character.');
  return name;
}

/** Parses `--key_params`, which the API takes as a JSON object. @throws UsageError if it is anything else. */
function readKeyParams(text: string | undefined): Record<string, unknown> | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // Report invalid JSON like any other value that is not an object.
  }
  throw new UsageError('--key_params must be a JSON object.', 'For example: --key_params \'{"id": 42}\'');
}
