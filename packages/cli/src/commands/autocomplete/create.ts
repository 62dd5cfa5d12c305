import { BaseCommand } from '@vastai-cli/kit/command/base-command';
import type { Result } from '@vastai-cli/kit/result';
import { keepScripts } from './completion/kept-scripts.js';

/** Takes the place of oclif's command of this name, which is run after plugins were installed or removed. */
export default class AutocompleteCreate extends BaseCommand {
  static override wholeConfig = true;
  static override hidden = true;
  static override summary = 'Write the completion scripts that older set-ups source.';

  async run(): Promise<Result> {
    // The plugin is installed all the same.
    const written = await keepScripts(this.config).catch(() => []);
    return { document: { written }, human: [] };
  }
}
