import { string } from '@oclif/core/args';
import { isVastaiError } from '@vastai-cli/core/internal/base/errors';
import { DEFAULT_URL } from '@vastai-cli/core/internal/base/origin';
import { requireProfileName } from '@vastai-cli/core/internal/base/profile-name';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import { listProfiles, useProfile } from '@vastai-cli/core/internal/credentials/profiles';
import { BaseCommand } from '@vastai-cli/kit/command/base-command';
import { line, type Remark, type Result, warning } from '@vastai-cli/kit/result';
import { givenKey } from '../../keys/given-key.js';
import { unknownProfile } from './unknown-profile.js';

export default class ProfileUse extends BaseCommand {
  static override summary = 'Make a profile the one that is used when nothing else names one.';
  static override examples = [{ description: 'From now on:', command: '<%= config.bin %> profile use work' }];
  static override args = {
    name: string({ name: 'NAME', required: true, ignoreStdin: true, description: 'The profile.' }),
  };

  async run(): Promise<Result> {
    const { args } = await this.parse(ProfileUse);
    const name = requireProfileName(args.name, 'NAME');
    // Which API is meant does not matter here: a VAST_URL that cannot be used is no hindrance.
    const context = await this.context({ url: DEFAULT_URL });
    await useProfile(context, name).catch(async (error) => {
      const known = (await listProfiles(context.paths)).map((entry) => entry.name);
      throw isVastaiError(error) && !known.includes(name) ? unknownProfile(name, known, 'use') : error;
    });
    return {
      document: { current: name },
      human: [line(`Profile "${name}" is used from now on.`)],
      remarks: overruling(name, context),
    };
  }
}

/** Warns of what is used in place of the key of a profile, or in place of the profile. */
function overruling(name: string, { profile, environment }: Context): Remark[] {
  const remarks: Remark[] = [];
  const given = givenKey(environment);
  if (given !== undefined) {
    const way = `Unset it, or give --profile ${name}, to use the saved key.`;
    remarks.push(warning(`${given} is set, and its key is sent instead of the one of "${name}". ${way}`));
  }
  if (profile.name === name) return remarks;
  if (profile.from === 'VAST_PROFILE') remarks.push(warning('VAST_PROFILE is set, and is used instead.'));
  else if (profile.from.endsWith('.vastai-profile'))
    remarks.push(warning(`In this folder ${profile.from} is used instead: it names "${profile.name}".`));
  return remarks;
}
