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
  static override summary = 'Choose the profile that commands use by default.';
  static override examples = [
    { description: 'Use the profile "work":', command: '<%= config.bin %> profile use work' },
  ];
  static override args = {
    name: string({
      name: 'NAME',
      required: true,
      ignoreStdin: true,
      description: 'The name of the profile.',
    }),
  };

  async run(): Promise<Result> {
    const { args } = await this.parse(ProfileUse);
    const name = requireProfileName(args.name, 'NAME');
    // The API does not matter here, so an invalid VAST_URL must not fail.
    const context = await this.context({ url: DEFAULT_URL });
    await useProfile(context, name).catch(async (error) => {
      const known = (await listProfiles(context.paths)).map((entry) => entry.name);
      throw isVastaiError(error) && !known.includes(name) ? unknownProfile(name, known, 'use') : error;
    });
    return {
      document: { current: name },
      human: [line(`Now using profile "${name}".`)],
      remarks: overruling(name, context),
    };
  }
}

/** Returns warnings about what overrides the key of a profile, or the profile. */
function overruling(name: string, { profile, environment }: Context): Remark[] {
  const remarks: Remark[] = [];
  const given = givenKey(environment);
  if (given !== undefined) {
    const way = `To use the saved key, unset it or pass --profile ${name}.`;
    remarks.push(warning(`${given} is set, so its key is sent instead of the one of "${name}". ${way}`));
  }
  if (profile.name === name) return remarks;
  if (profile.from === 'VAST_PROFILE') remarks.push(warning('VAST_PROFILE is set, and overrides it.'));
  else if (profile.from.endsWith('.vastai-profile'))
    remarks.push(warning(`In this folder, ${profile.from} overrides it with "${profile.name}".`));
  return remarks;
}
