import { string } from '@oclif/core/args';
import { boolean } from '@oclif/core/flags';
import type { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { withLock } from '@vastai-cli/core/internal/files/lock';
import { ApiCommand, type ApiFlags } from '@vastai-cli/kit/command/api-command';
import { durationFlag } from '@vastai-cli/kit/input/duration-flag';
import type { Result } from '@vastai-cli/kit/result';
import { parseKeyId } from '../../keys/key-id.js';
import { withNotice } from '../../keys/with-notice.js';
import { dueKeys } from './due-keys.js';
import { rotateKey, type Wanted } from './rotate-key.js';

/** Enough retries to get past the API's rate limits, whatever --retry says. */
const RETRIES = 3;

export default class RotateApiKey extends ApiCommand {
  static override summary = 'Replace an API key with a new one that has the same permissions.';
  static override description =
    'Creates a key with the permissions of the old one and its name plus a rotation mark, checks it with the API, saves it in place of the old one, then deletes the old one. Without ID, rotates the key in use. If the old key is not saved on this machine, prints the new key and keeps the old one. If a rotation is interrupted, a working key stays saved, and the next rotate continues.';
  static override examples = [
    { description: 'Rotate the saved key:', command: '<%= config.bin %> rotate api-key' },
    {
      description: 'Keep the old key for a week, then delete it:',
      command: '<%= config.bin %> rotate api-key --grace 7d',
    },
    {
      description: 'Delete it now:',
      command: '<%= config.bin %> rotate api-key --finish',
    },
    {
      description: 'Fail if a key is older than 90 days:',
      command: '<%= config.bin %> rotate api-key --due 90d',
    },
  ];
  static override args = {
    id: string({
      name: 'ID',
      ignoreStdin: true,
      description: 'The ID of the key, as listed by "show api-keys". [default: the key in use]',
    }),
  };
  static override flags = {
    grace: durationFlag({
      example: '7d',
      atMost: '3650d',
      description: 'Keep the old key for this long, such as 7d. Then delete it with --finish.',
    }),
    finish: boolean({
      description: 'Delete the old key that --grace kept.',
      exclusive: ['grace', 'resume'],
    }),
    resume: boolean({
      description: 'Only continue a rotation that was interrupted.',
      exclusive: ['grace'],
    }),
    'dry-run': boolean({ description: 'Show the plan without changing anything.' }),
    due: durationFlag({
      description: 'Only list keys that are older than this. Exit status: 10 if any are found.',
    }),
  };

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(RotateApiKey);
    const id = args.id === undefined ? undefined : parseKeyId(args.id);
    const changes = flags.grace !== undefined || flags.finish || flags.resume || flags['dry-run'];
    if (flags.due !== undefined && changes)
      throw new UsageError('--due only lists keys. Leave out the other flags of rotate.');
    if (flags.due !== undefined) return dueKeys(await this.connect(flags), flags.due, Date.now() / 1000, id);
    const how = flags.finish ? 'finish' : flags.resume ? 'resume' : 'rotate';
    const wanted = { id, how, grace: flags.grace, dryRun: flags['dry-run'] } as const;
    if (wanted.dryRun) return this.#rotate(wanted, flags);
    const { paths } = await this.context(flags);
    const work = () =>
      withLock(paths.rotationLockFile, () => this.#rotate(wanted, flags), this.#tell, undefined, 'a key');
    return this.uninterrupted(() => withNotice(this.interruption, this.#notice, work));
  }

  async #rotate(wanted: Wanted, flags: ApiFlags): Promise<Result> {
    const context = await this.context(flags);
    const found = await this.keyOf(context);
    const patient = { ...flags, retry: Math.max(flags.retry, RETRIES) };
    return rotateKey(wanted, {
      context,
      found,
      client: await this.clientFor(patient, context, found, this.givingUp),
      clientOf: (key: ApiKey) =>
        this.clientFor(
          patient,
          context,
          // In a rotation that is taken up, the key in use can be the new one, with a two-factor session.
          key.equals(found.key) ? found : { key, source: { location: 'the new key' } },
          this.givingUp,
        ),
      signal: this.givingUp,
      target: this.target,
    });
  }

  readonly #tell = (text: string) => this.output.note(text);

  readonly #notice = () =>
    this.output.warn(
      'Interrupted; still rotating the key (interrupt again to stop). The next rotation of the key continues it.',
    );
}
