import { isInBroker, readEnvironment } from '@vastai-cli/core/internal/base/environment';
import { isProfileName } from '@vastai-cli/core/internal/base/profile-name';
import { pathsOf } from '@vastai-cli/core/internal/config/paths';
import { listProfiles } from '@vastai-cli/core/internal/credentials/profiles';
import { BaseCommand } from '@vastai-cli/kit/command/base-command';
import { line, type Result } from '@vastai-cli/kit/result';

/** Prints the names of the profiles, one per line, for completion scripts. */
export default class AutocompleteProfiles extends BaseCommand {
  static override hidden = true;
  static override summary = 'Print the names of the profiles, for completion.';

  async run(): Promise<Result> {
    await this.parse(AutocompleteProfiles);
    const environment = readEnvironment(process.env);
    // Behind a broker there is no choice of profiles, and no saved key is read.
    const profiles = isInBroker(environment) ? [] : await listProfiles(pathsOf(environment));
    const names = profiles.map(({ name }) => name).filter(isProfileName);
    return { document: names, human: names.map(line) };
  }
}
