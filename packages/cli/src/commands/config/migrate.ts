import { boolean, option } from '@oclif/core/flags';
import { migrate, planMigration } from '@vastai-cli/core/migration/migrate';
import { undoMigration } from '@vastai-cli/core/migration/undo';
import { ProfileCommand } from '@vastai-cli/kit/profile-command';
import { printChanges } from '../../services/print-changes.js';

export default class ConfigMigrate extends ProfileCommand {
  static override summary = 'Move keys from older places, or between keychain and file.';
  static override description =
    'The key of ~/.vast_api_key goes to the place where keys are kept now, and folders and files that hold keys become readable for you alone. A source is removed only when the key was read back from its new place. Running it again does nothing.';
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
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(ConfigMigrate);
    const session = await this.session({ profile: flags.profile });
    const options = { to: flags.to, keepFile: flags['keep-file'] };
    const dryRun = flags['dry-run'];
    const plan = flags.undo ? await undoMigration(session, dryRun) : await planMigration(session, options);
    const pending = plan.some(({ action }) => action !== 'report');
    const changes = flags.undo || dryRun || !pending ? plan : await migrate(session, options);
    const applied = pending && !dryRun;
    if (this.output.format !== 'human') this.output.json({ applied, changes });
    else if (flags.undo && changes.length === 0) this.output.line('Nothing to undo.');
    else printChanges(changes, applied, this.output);
  }
}
