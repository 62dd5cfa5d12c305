import { readEnvironment } from '@vastai-cli/core/internal/base/environment';
import { isProfileName } from '@vastai-cli/core/internal/base/profile-name';
import { pathsOf } from '@vastai-cli/core/internal/config/paths';
import { listProfiles } from '@vastai-cli/core/internal/credentials/profiles';
import { BaseCommand } from '@vastai-cli/kit/command/base-command';

/** For completion scripts: the names of the profiles, one in a line. */
export default class AutocompleteProfiles extends BaseCommand {
  static override hidden = true;
  static override summary = 'Print the names of the profiles, for completion.';

  async run(): Promise<void> {
    await this.parse(AutocompleteProfiles);
    const profiles = await listProfiles(pathsOf(readEnvironment(process.env)));
    for (const { name } of profiles) if (isProfileName(name)) this.output.line(name);
  }
}
