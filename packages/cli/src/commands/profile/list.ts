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
  static override summary = 'List the profiles, each with its own key and API.';
  static override description =
    '* marks the profile that commands use here: the one in VAST_PROFILE, in a .vastai-profile file in the current folder or a parent folder, or chosen with "profile use". The account was recorded when the key was saved; the keychain is not read. With --json, "active" is the profile marked with *, and "current" is the one chosen with "profile use".';
  static override examples = [
    { description: 'List all profiles:', command: '<%= config.bin %> profile list' },
  ];

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
        given === undefined
          ? []
          : [warning(`${given} is set, so its key is sent unless --profile is given.`)],
    };
  }

  /** Returns the profile that is used here; `undefined`, with a warning, if its name is not valid: the list helps then. */
  async #profileHere(): Promise<ChosenProfile | undefined> {
    try {
      // The API does not matter here, so an invalid VAST_URL must not fail.
      return (await this.context({ url: DEFAULT_URL })).profile;
    } catch (error) {
      if (!isVastaiError(error) || error.code !== 'usage') throw error;
      this.output.warn(error.message);
      return undefined;
    }
  }
}
