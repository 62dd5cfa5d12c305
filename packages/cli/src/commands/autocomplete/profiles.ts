import { readEnvironment } from '@vastai-cli/core/config/environment';
import { pathsOf } from '@vastai-cli/core/config/paths';
import { isProfileName } from '@vastai-cli/core/config/profile-name';
import { listProfiles } from '@vastai-cli/core/config/profiles';
import { BaseCommand } from '@vastai-cli/kit/base-command';

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
