import { boolean } from '@oclif/core/flags';
import { inspectSources } from '@vastai-cli/core/internal/credentials/status';
import { adviceToSave } from '@vastai-cli/core/internal/files/home';
import { rotationProblems } from '@vastai-cli/core/internal/operations/rotate/open-rotations';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import type { Result } from '@vastai-cli/kit/result';
import { explainAfterReset } from '../../keys/after-reset.js';
import { skipped, verifyKey } from '../../keys/verify-key.js';
import { authReport, codeOf } from './report.js';
import { reportText } from './report-text.js';

export default class AuthStatus extends ApiCommand {
  static override summary = 'Show where keys are saved, which one is sent, and whether it works.';
  static override description =
    'Lists every place a key can come from, in the order in which they are searched. Exit status: 0 if the key works (or, with --offline, was found), 3 if no key was found, 4 if the API rejected the key, 8 if it could not be checked, 9 if it could not be read, 11 if it needs a two-factor session.';
  static override examples = [
    { description: 'Skip the check with the API:', command: '<%= config.bin %> auth status --offline' },
  ];
  static override flags = { offline: boolean({ description: 'Do not contact the API.' }) };

  async run(): Promise<Result> {
    const { flags } = await this.parse(AuthStatus);
    const context = await this.context(flags);
    const status = await inspectSources(context);
    const { winner } = status;
    const verification =
      winner === undefined || flags.offline
        ? skipped
        : await explainAfterReset(
            await verifyKey(await this.clientFor(flags, context, winner)),
            context,
            winner,
          );
    const open = await rotationProblems(context.paths, context.profile.name);
    const report = authReport(context, status, verification, this.target, open);
    const toSave = adviceToSave(context.paths.settingsFile);
    return { document: report, human: reportText(report, this.target, toSave), endsWith: codeOf(report) };
  }
}
