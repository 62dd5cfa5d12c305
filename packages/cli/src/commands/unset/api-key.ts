import { boolean } from '@oclif/core/flags';
import { VastaiError } from '@vastai-cli/core/internal/base/errors';
import { keyPlaces, removeKeys } from '@vastai-cli/core/internal/credentials/remove';
import { ProfileCommand } from '@vastai-cli/kit/command/profile-command';
import { confirm } from '@vastai-cli/kit/input/prompts';
import { placeOf } from '@vastai-cli/kit/render/place';
import { line, type Result, sentence, warning } from '@vastai-cli/kit/result';
import { keysThatStay } from '../../keys/keys-that-stay.js';

export default class UnsetApiKey extends ProfileCommand {
  static override summary = 'Remove the saved API key from everywhere it is stored.';
  static override description =
    'For the profile "default", this includes ~/.vast_api_key, the file that older tools use. The key itself stays valid; to revoke it, run "vastai delete api-key".';
  static override examples = [
    { description: 'Skip the confirmation:', command: '<%= config.bin %> unset api-key --yes' },
  ];
  static override flags = { yes: boolean({ char: 'y', description: 'Skip the confirmation.' }) };

  async run(): Promise<Result> {
    const { flags } = await this.parse(UnsetApiKey);
    const context = await this.context({ profile: flags.profile });
    const { name } = context.profile;
    const places = await keyPlaces(context);
    if (places.length === 0) {
      const staying = await keysThatStay(context);
      const details = staying.length === 0 ? {} : { hint: staying.join(' ') };
      throw new VastaiError('no_key', `No key is saved for profile "${name}".`, details);
    }
    const list = places.map(({ location }) => placeOf(location)).join(' and ');
    const question = this.withProfile(`Remove the key of profile "${name}" from ${list}?`);
    await confirm(question, flags.yes, this.terminal);
    const removed = await removeKeys(context);
    // Read the settings again: another vastai may have added a command while this one waited.
    const staying = await keysThatStay(await context.reopen());
    return {
      document: { profile: name, removed },
      human:
        removed.length === 0
          ? [line('No key was left to remove.')]
          : removed.map(({ location }) => sentence(`Removed the key from ${placeOf(location)}`)),
      remarks: staying.map(warning),
    };
  }
}
