import { string } from '@oclif/core/args';
import { boolean } from '@oclif/core/flags';
import { listProfiles, removeProfile } from '@vastai-cli/core/config/profiles';
import { type KeyPlace, keyPlaces } from '@vastai-cli/core/credentials/remove';
import { UsageError } from '@vastai-cli/core/errors';
import { BaseCommand } from '@vastai-cli/kit/base-command';
import { confirm } from '@vastai-cli/kit/prompts';

export default class ProfileRemove extends BaseCommand {
  static override summary = 'Remove a profile and its saved key.';
  static override description = 'The key itself stays valid: to revoke it, use "vastai delete api-key".';
  static override examples = [
    { description: 'Without being asked:', command: '<%= config.bin %> profile remove work --yes' },
  ];
  static override args = {
    name: string({ name: 'NAME', required: true, ignoreStdin: true, description: 'The profile.' }),
  };
  static override flags = { yes: boolean({ char: 'y', description: 'Do it without asking.' }) };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ProfileRemove);
    const session = await this.session({ profile: args.name });
    const { name } = session.profile;
    const known = await listProfiles(session.paths);
    if (!known.some((profile) => profile.name === name)) {
      throw new UsageError(`There is no profile "${name}".`, [{ do: 'list-profiles' }]);
    }
    const places = await keyPlaces(session);
    await confirm(`Remove profile "${name}"${keysIn(places)}?`, flags.yes, this.terminal);
    const { removed, foreign } = await removeProfile(session);
    if (this.output.format === 'human') this.output.sentence(`Removed profile "${name}"${keysIn(removed)}`);
    else this.output.json({ profile: name, removed });
    for (const path of foreign) this.output.warn(`${path} is not a file of vastai, and was left there.`);
  }
}

function keysIn(places: readonly KeyPlace[]): string {
  return places.length === 0 ? '' : ` and its key in ${places.map(({ location }) => location).join(' and ')}`;
}
