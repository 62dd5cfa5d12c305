import { readEnvironment } from '@vastai-cli/core/config/environment';
import { pathsOf } from '@vastai-cli/core/config/paths';
import { listProfiles } from '@vastai-cli/core/config/profiles';
import { BaseCommand } from '@vastai-cli/kit/base-command';

export default class ProfileList extends BaseCommand {
  static override summary = 'List the profiles: each has its own key and its own API.';
  static override description =
    'The current one, marked with *, is used when neither --profile, VAST_PROFILE nor a .vastai-profile file names one.';
  static override examples = [{ description: 'All profiles:', command: '<%= config.bin %> profile list' }];

  async run(): Promise<void> {
    await this.parse(ProfileList);
    // No session: which API and which profile are meant does not matter here, and may be set wrong.
    const profiles = await listProfiles(pathsOf(readEnvironment(process.env)));
    if (this.output.format !== 'human') {
      this.output.json(profiles);
      return;
    }
    this.output.table(
      [
        { title: '', value: ({ current }) => (current ? '*' : '') },
        { title: 'PROFILE', value: ({ name }) => name, shrinks: true },
        { title: 'KEY IN', value: ({ storage }) => storage ?? '-' },
        { title: 'API', value: ({ url }) => url, shrinks: true },
      ],
      profiles,
    );
  }
}
