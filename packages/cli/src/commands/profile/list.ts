import { readEnvironment } from '@vastai-cli/core/internal/base/environment';
import { isVastaiError } from '@vastai-cli/core/internal/base/errors';
import { DEFAULT_URL } from '@vastai-cli/core/internal/base/origin';
import { pathsOf } from '@vastai-cli/core/internal/config/paths';
import type { ChosenProfile } from '@vastai-cli/core/internal/config/profile';
import { BaseCommand } from '@vastai-cli/kit/command/base-command';
import { type Result, warning } from '@vastai-cli/kit/result';
import { givenKey } from '../../keys/given-key.js';
import { listedProfiles, profilesText } from './listed-profiles.js';

export default class ProfileList extends BaseCommand {
  static override summary = 'List the profiles: each has its own key and its own API.';
  static override description =
    'The one marked with * is used here: VAST_PROFILE, a .vastai-profile file in this folder or above it, or "vastai profile use" chose it. The account is the one that was seen when the key was saved. No keychain is asked. With --json each has name, current (by "profile use"), active (used here) with active_from, storage, url and, where they are known, account and suffix.';
  static override examples = [{ description: 'All profiles:', command: '<%= config.bin %> profile list' }];

  async run(): Promise<Result> {
    await this.parse(ProfileList);
    const chosen = await this.#profileHere();
    const environment = readEnvironment(process.env);
    const profiles = await listedProfiles(pathsOf(environment), chosen);
    const given = givenKey(environment);
    return {
      document: profiles,
      human: profilesText(profiles, chosen),
      remarks:
        given === undefined ? [] : [warning(`${given} is set: its key is sent, unless --profile is given.`)],
    };
  }

  /** Returns the profile that is used here. What names it may be set wrong: that is said, and the list helps. */
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
