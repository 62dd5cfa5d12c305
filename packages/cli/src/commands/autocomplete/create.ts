import { BaseCommand } from '@vastai-cli/kit/command/base-command';
import type { Result } from '@vastai-cli/kit/result';
import { keepScripts } from './completion/kept-scripts.js';

/** Replaces oclif's command of the same name, which oclif runs after plugins were installed or removed. */
export default class AutocompleteCreate extends BaseCommand {
  static override wholeConfig = true;
  static override hidden = true;
  static override summary = 'Write the completion scripts that older setups load.';

  async run(): Promise<Result> {
    // The plugin is installed even if this fails.
    const written = await keepScripts(this.config).catch(() => []);
    return { document: { written }, human: [] };
  }
}
