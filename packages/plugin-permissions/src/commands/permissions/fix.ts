import { string as argument } from '@oclif/core/args';
import { boolean } from '@oclif/core/flags';
import { BaseCommand } from '@vastai-cli/kit/command/base-command';
import { confirm } from '@vastai-cli/kit/input/prompts';
import { note, type Result } from '@vastai-cli/kit/result';
import { outcomeParts, planParts, planRepair, printedRepair, repairReport } from './repair.js';

export default class PermissionsFix extends BaseCommand {
  static override summary = 'Correct common errors in a permission file.';
  static override description =
    'Corrects misspelled names, removes comments and trailing commas, converts UTF-16, and more. Shows the changed lines and asks before writing; for standard input, prints the corrected file. Exit status: 0, or 10 if errors remain that you must correct yourself.';
  static override examples = [
    {
      description: 'Show the changes and ask before writing:',
      command: '<%= config.bin %> permissions fix perms.json',
    },
    {
      description: 'Only show the changes:',
      command: '<%= config.bin %> permissions fix perms.json --dry-run',
    },
    { description: 'Write without asking:', command: '<%= config.bin %> permissions fix perms.json --yes' },
  ];
  static override args = {
    file: argument({
      name: 'FILE',
      required: true,
      ignoreStdin: true,
      description: 'The permission file ("-" for standard input; the result goes to standard output).',
    }),
  };
  static override flags = {
    'dry-run': boolean({ description: 'Show the changes without writing them.', exclusive: ['yes'] }),
    yes: boolean({ char: 'y', description: 'Write without asking.' }),
  };

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(PermissionsFix);
    const repair = await planRepair(args.file);
    const endsWith = repair.diagnostics.length > 0 ? 'findings' : undefined;
    if (args.file === '-' && !flags['dry-run']) {
      return { document: repairReport(repair, false), ...printedRepair(repair), endsWith };
    }
    this.output.step(planParts(repair));
    const written = repair.fixes.length > 0 && !flags['dry-run'];
    if (written) {
      await confirm(`Write ${repair.file}?`, flags.yes, this.terminal);
      await repair.apply();
    }
    const isLeft = repair.fixes.length > 0 && !written;
    return {
      document: repairReport(repair, written),
      human: outcomeParts(repair, written),
      remarks: isLeft ? [{ ...note('No changes written.'), forPeople: true }] : [],
      endsWith,
    };
  }
}
