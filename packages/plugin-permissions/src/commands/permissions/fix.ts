import { string as argument } from '@oclif/core/args';
import { boolean } from '@oclif/core/flags';
import { BaseCommand } from '@vastai-cli/kit/command/base-command';
import { EXIT_STATUS } from '@vastai-cli/kit/command/exit-status';
import { confirm } from '@vastai-cli/kit/input/prompts';
import { printOutcome, printPlan } from '../../services/print-repair.js';
import { planRepair, repairReport } from '../../services/repair.js';

export default class PermissionsFix extends BaseCommand {
  static override summary = 'Repair a permission file where there is nothing to guess.';
  static override description =
    'Misspelt names, comments, trailing commas, UTF-16 and the like. The changed lines are shown, and the file is written only after a yes. Exit status: 0, or 10 when errors are left that have to be corrected by hand.';
  static override examples = [
    { description: 'See the changes and be asked:', command: '<%= config.bin %> permissions fix perms.json' },
    {
      description: 'See them alone:',
      command: '<%= config.bin %> permissions fix perms.json --dry-run',
    },
    { description: 'Without being asked:', command: '<%= config.bin %> permissions fix perms.json --yes' },
  ];
  static override args = {
    file: argument({ name: 'FILE', required: true, ignoreStdin: true, description: 'The permission file.' }),
  };
  static override flags = {
    'dry-run': boolean({ description: 'Show the changes and write nothing.', exclusive: ['yes'] }),
    yes: boolean({ char: 'y', description: 'Write without asking.' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PermissionsFix);
    const repair = await planRepair(args.file);
    const human = this.output.format === 'human';
    if (human) printPlan(repair, this.output, this.terminal);
    const written = repair.fixes.length > 0 && !flags['dry-run'];
    if (written) {
      await confirm(`Write ${repair.file}?`, flags.yes, this.terminal);
      await repair.apply();
    }
    if (human) printOutcome(repair, written, this.output);
    else this.output.json(repairReport(repair, written));
    if (repair.diagnostics.length > 0) process.exitCode = EXIT_STATUS.findings;
  }
}
