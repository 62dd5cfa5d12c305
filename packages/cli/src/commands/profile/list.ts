import { readEnvironment } from '@vastai-cli/core/internal/base/environment';
import { isVastaiError } from '@vastai-cli/core/internal/base/errors';
import { DEFAULT_URL } from '@vastai-cli/core/internal/base/origin';
import { pathsOf } from '@vastai-cli/core/internal/config/paths';
import type { ChosenProfile } from '@vastai-cli/core/internal/config/profile';
import { BaseCommand } from '@vastai-cli/kit/command/base-command';
import { givenKey } from '../../services/given-key.js';
import { printProfiles } from '../../services/print-profiles.js';
import { profilesHere } from '../../services/profiles-here.js';

export default class ProfileList extends BaseCommand {
  static override summary = 'List the profiles: each has its own key and its own API.';
  static override description =
    'The one marked with * is used here: VAST_PROFILE, a .vastai-profile file in this folder or above it, or "vastai profile use" chose it. The account is the one that was seen when the key was saved. No keychain is asked. With --json each has name, current (by "profile use"), active (used here) with active_from, storage, url and, where they are known, account and suffix.';
  static override examples = [{ description: 'All profiles:', command: '<%= config.bin %> profile list' }];

  async run(): Promise<void> {
    await this.parse(ProfileList);
    const chosen = await this.#profileHere();
    const profiles = await profilesHere(pathsOf(readEnvironment(process.env)), chosen);
    if (this.output.format === 'human') printProfiles(profiles, chosen, this.output);
    else this.output.json(profiles);
    const given = givenKey(readEnvironment(process.env));
    if (given !== undefined) this.output.warn(`${given} is set: its key is sent, unless --profile is given.`);
  }

  /** What names the profile may be set wrong; then it is said, and the list helps to correct it. */
  async #profileHere(): Promise<ChosenProfile | undefined> {
    try {
      // Which API is meant does not matter here, and may be set wrong too.
      return (await this.context({ url: DEFAULT_URL })).profile;
    } catch (error) {
      if (!isVastaiError(error) || error.code !== 'usage') throw error;
      this.output.warn(error.message);
      return undefined;
    }
  }
}
