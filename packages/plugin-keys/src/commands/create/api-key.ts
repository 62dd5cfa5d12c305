import { boolean, option, string } from '@oclif/core/flags';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import { PRESETS } from '@vastai-cli/permissions/authoring/presets';
import { readKeyParams, requireName } from '../../services/key-request.js';
import { makeKey } from '../../services/make-key.js';
import { readPermissions } from '../../services/new-permissions.js';

/** The API limits how often it is asked about keys: taking one back does not fail for that, whatever --retry says. */
const RETRIES_OF_DELETION = 3;

export default class CreateApiKey extends ApiCommand {
  static override summary = 'Create an API key and print it, this once.';
  static override description =
    'The new key stands alone on standard output. With --permission_file, --preset or --allow it may do only what those grant; without one of them it has full access to the account.';
  static override examples = [
    {
      description: 'A key with full access:',
      command: '<%= config.bin %> create api-key --name "ci-deploy-key"',
    },
    {
      description: 'A key that may do what a file grants:',
      command: '<%= config.bin %> create api-key --name ci --permission_file perms.json',
    },
    {
      description: 'A key for watching, which may also destroy one instance:',
      command:
        '<%= config.bin %> create api-key --name watch --preset monitoring --allow instance_write:api.instance.destroy:id=5',
    },
    {
      description: 'Straight to where it is needed:',
      command: '<%= config.bin %> create api-key --name ci | gh secret set VAST_API_KEY',
    },
  ];
  static override flags = {
    name: string({ required: true, helpValue: 'NAME', description: 'The name of the new key.' }),
    permission_file: string({
      aliases: ['permission-file'],
      helpValue: 'FILE',
      description: 'A JSON file with the permissions of the new key; "-" is standard input.',
      exclusive: ['preset', 'allow'],
    }),
    preset: option({
      options: PRESETS.map(({ name }) => name),
      description: 'Grant what a common job needs; see "permissions init".',
    })(),
    allow: string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'CATEGORY[:ENDPOINT[:param=value]]',
      description: 'Grant a category, an endpoint, or an endpoint for one value; more than once for more.',
    }),
    key_params: string({
      aliases: ['key-params'],
      helpValue: 'JSON',
      description: 'Parameters for wildcards in the permissions, as a JSON object.',
    }),
    keep: boolean({ description: 'Keep the key, and print it, even if it may do more than was asked for.' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(CreateApiKey);
    const name = requireName(flags.name);
    const keyParams = readKeyParams(flags.key_params);
    const permissions = await readPermissions(
      { file: flags.permission_file, preset: flags.preset, allow: flags.allow },
      this.output,
    );
    const context = await this.context(flags);
    const found = await this.keyOf(context);
    const patient = { ...flags, retry: Math.max(flags.retry, RETRIES_OF_DELETION) };
    const making = {
      context,
      client: this.clientFor(flags, context, found),
      patientClient: this.clientFor(patient, context, found, this.givingUp),
      output: this.output,
      interruption: this.interruption,
      keep: flags.keep,
    };
    await this.uninterrupted(() => makeKey({ name, ...permissions, ...keyParams }, making));
  }
}
