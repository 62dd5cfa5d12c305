import { string } from '@oclif/core/args';
import { boolean } from '@oclif/core/flags';
import { listProfiles, removeProfile } from '@vastai-cli/core/internal/credentials/profiles';
import { type KeyPlace, keyPlaces } from '@vastai-cli/core/internal/credentials/remove';
import { BaseCommand } from '@vastai-cli/kit/command/base-command';
import { confirm } from '@vastai-cli/kit/input/prompts';
import { placeOf } from '@vastai-cli/kit/render/place';
import { type Result, sentence, warning } from '@vastai-cli/kit/result';
import { unsavedKeysThatStay } from '../../keys/keys-that-stay.js';
import { unknownProfile } from './unknown-profile.js';

export default class ProfileRemove extends BaseCommand {
  static override summary = 'Remove a profile and its saved key.';
  static override description = 'The key itself stays valid; to revoke it, run "vastai delete api-key".';
  static override examples = [
    { description: 'Skip the confirmation:', command: '<%= config.bin %> profile remove work --yes' },
  ];
  static override args = {
    name: string({
      name: 'NAME',
      required: true,
      ignoreStdin: true,
      description: 'The name of the profile.',
    }),
  };
  static override flags = { yes: boolean({ char: 'y', description: 'Skip the confirmation.' }) };

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(ProfileRemove);
    const context = await this.context({ profile: args.name });
    const { name } = context.profile;
    const known = (await listProfiles(context.paths)).map((profile) => profile.name);
    if (!known.includes(name)) throw unknownProfile(name, known, 'remove');
    const places = await keyPlaces(context);
    await confirm(`Remove profile "${name}"${keysIn(places)}?`, flags.yes, this.terminal);
    const { removed, foreign } = await removeProfile(context);
    const left = foreign.map((path) => `${path} was not removed, because vastai did not create it.`);
    return {
      document: { profile: name, removed },
      human: [sentence(`Removed profile "${name}"${keysIn(removed)}`)],
      remarks: [...left, ...(await unsavedKeysThatStay(context))].map(warning),
    };
  }
}

function keysIn(places: readonly KeyPlace[]): string {
  return places.length === 0
    ? ''
    : ` and its key in ${places.map(({ location }) => placeOf(location)).join(' and ')}`;
}
