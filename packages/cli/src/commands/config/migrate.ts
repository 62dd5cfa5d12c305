import { boolean, option } from '@oclif/core/flags';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { ProfileCommand } from '@vastai-cli/kit/command/profile-command';
import type { Result } from '@vastai-cli/kit/result';
import { migration } from './migration.js';

export default class ConfigMigrate extends ProfileCommand {
  static override summary = 'Move keys from old locations, or between the keychain and a file.';
  static override description =
    'Moves the key in ~/.vast_api_key to its new location, and makes key files and their folders readable only by you. The original is removed only after the key has been read back from its new location. Running the command again changes nothing. If two locations hold different keys, it changes neither and exits with status 9; with --to or --undo, --force replaces the other key with the saved one.';
  static override examples = [
    { description: 'Preview the changes:', command: '<%= config.bin %> config migrate --dry-run' },
    {
      description: 'Move the key to the keychain:',
      command: '<%= config.bin %> config migrate --to keychain',
    },
    { description: 'Undo the move:', command: '<%= config.bin %> config migrate --undo' },
  ];
  static override flags = {
    'dry-run': boolean({ description: 'Show the plan without changing anything.' }),
    to: option({
      options: ['keychain', 'file'] as const,
      description: 'Move the key of the profile to this store.',
    })(),
    'keep-file': boolean({
      description: 'With --to keychain: keep the key file for other tools.',
      dependsOn: ['to'],
    }),
    undo: boolean({ description: 'Undo the last move between the keychain and a file.', exclusive: ['to'] }),
    force: boolean({
      description: 'With --to or --undo: replace a different key at the destination.',
    }),
  };

  async run(): Promise<Result> {
    const { flags } = await this.parse(ConfigMigrate);
    const { undo, force, to, 'dry-run': dryRun, 'keep-file': keepFile } = flags;
    if (force && !undo && to === undefined) {
      throw new UsageError('--force needs --to or --undo.', 'They decide which of two keys is replaced.');
    }
    if (keepFile && to !== 'keychain') throw new UsageError('--keep-file needs --to keychain.');
    const context = await this.context({ profile: flags.profile });
    return migration(context, { undo, force, to, dryRun, keepFile, ownRoot: this.config.root }, this.target);
  }
}
