import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import type { Result } from '@vastai-cli/kit/result';
import { examine } from './doctor/examine.js';
import { reportOf } from './doctor/report.js';

export default class Doctor extends ApiCommand {
  static override wholeConfig = true;
  static override summary = 'Check keys, files, keychain, network and plugins for problems.';
  static override description =
    'Changes nothing, except that it deletes keys left behind by "exec --ephemeral" runs that were killed. Exit status: 0 if there are no problems, 10 otherwise.';
  static override examples = [
    {
      description: 'List the problems in a script:',
      command: '<%= config.bin %> doctor --json | jq \'.checks[] | select(.state == "problem")\'',
    },
  ];

  async run(): Promise<Result> {
    const { flags } = await this.parse(Doctor);
    const findings = await examine({
      config: this.config,
      interactive: this.terminal.canAsk,
      openContext: () => this.context(flags),
      connect: (context, found) => this.clientFor(flags, context, found),
    });
    return reportOf(findings, this.target);
  }
}
