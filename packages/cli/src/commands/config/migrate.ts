import { boolean, option } from '@oclif/core/flags';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { ProfileCommand } from '@vastai-cli/kit/command/profile-command';
import type { Result } from '@vastai-cli/kit/result';
import { migration } from './migration.js';

export default class ConfigMigrate extends ProfileCommand {
  static override summary = 'Move keys from older places, or between keychain and file.';
  static override description =
    'The key of ~/.vast_api_key goes to the place where keys are kept now, and folders and files that hold keys become readable for you alone. A source is removed only when the key was read back from its new place. Running it again does nothing. Where two places hold different keys it leaves both and ends with 9; --force with --to or --undo lets the saved key replace the other one.';
  static override examples = [
    { description: 'See what it would do:', command: '<%= config.bin %> config migrate --dry-run' },
    {
      description: 'Into the keychain of the system:',
      command: '<%= config.bin %> config migrate --to keychain',
    },
    { description: 'Back again:', command: '<%= config.bin %> config migrate --undo' },
  ];
  static override flags = {
    'dry-run': boolean({ description: 'Show the plan and change nothing.' }),
    to: option({
      options: ['keychain', 'file'] as const,
      description: 'Move the key of the profile there.',
    })(),
    'keep-file': boolean({
      description: 'With --to keychain: leave the key file for other tools.',
      dependsOn: ['to'],
    }),
    undo: boolean({ description: 'Take the last move between stores back.', exclusive: ['to'] }),
    force: boolean({
      description: 'With --to or --undo: replace another key in the place that the key goes to.',
    }),
  };

  async run(): Promise<Result> {
    const { flags } = await this.parse(ConfigMigrate);
    const { undo, force, to, 'dry-run': dryRun, 'keep-file': keepFile } = flags;
    if (force && !undo && to === undefined) {
      throw new UsageError('--force needs --to or --undo.', 'They say which of two keys is replaced.');
    }
    const context = await this.context({ profile: flags.profile });
    return migration(context, { undo, force, to, dryRun, keepFile }, this.target);
  }
}
