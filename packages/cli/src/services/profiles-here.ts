import type { ChosenProfile } from '@vastai-cli/core/internal/config/profile';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import { listProfiles, type ProfileEntry } from '@vastai-cli/core/internal/credentials/profiles';

/** A profile as `profile list --json` prints it: a stable shape. */
export interface ListedProfile extends ProfileEntry {
  /** Whether a command in this folder uses it when no `--profile` is given. */
  readonly active: boolean;
  /** What chose the active one: `VAST_PROFILE`, the path of a file, `config.json` or `default`. */
  readonly active_from?: string;
}

/**
 * Returns every profile, with a mark at the one that is used here.
 *
 * @param chosen the profile used here; `undefined` where what chooses it cannot be used
 */
export async function profilesHere(
  paths: Context['paths'],
  chosen: ChosenProfile | undefined,
): Promise<ListedProfile[]> {
  const profiles = await listProfiles(paths);
  return profiles.map((profile) =>
    profile.name === chosen?.name
      ? { ...profile, active: true, active_from: chosen.from }
      : { ...profile, active: false },
  );
}
