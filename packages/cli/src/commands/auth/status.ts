import { boolean } from '@oclif/core/flags';
import { isInBroker } from '@vastai-cli/core/internal/base/environment';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import { type CredentialStatus, inspectSources } from '@vastai-cli/core/internal/credentials/status';
import { adviceToSave } from '@vastai-cli/core/internal/files/home';
import { rotationProblems } from '@vastai-cli/core/internal/operations/rotate/open-rotations';
import type { Problem } from '@vastai-cli/core/internal/secrets/lookup';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import type { Result } from '@vastai-cli/kit/result';
import { explainAfterReset } from '../../keys/after-reset.js';
import { accessOf } from '../../keys/exposed-key.js';
import { resetsToReport } from '../../keys/open-resets.js';
import { skipped, type Verification, verifyKey } from '../../keys/verify-key.js';
import { authReport, codeOf } from './report.js';
import { reportText } from './report-text.js';

export default class AuthStatus extends ApiCommand {
  static override summary = 'Show where keys are saved, which one is sent, and whether it works.';
  static override description =
    'Lists every place a key can come from, in search order. Exit status: 0 if the key works (or, with --offline, was found), 3 if no key was found, 4 if the API rejected the key, 8 if it could not be checked, 9 if it could not be read, 11 if it needs a two-factor session. With --require-scoped, also 10 if the key has full access, and 8 if vastai cannot find out.';
  static override examples = [
    { description: 'Skip the check with the API:', command: '<%= config.bin %> auth status --offline' },
    {
      description: 'Fail a CI job if its key has full access:',
      command: '<%= config.bin %> auth status --require-scoped',
    },
  ];
  static override flags = {
    offline: boolean({ description: 'Do not contact the API.' }),
    'require-scoped': boolean({
      description: 'Fail if the key has full access, or if vastai cannot find out.',
      exclusive: ['offline'],
    }),
  };

  async run(): Promise<Result> {
    const { flags } = await this.parse(AuthStatus);
    const context = await this.context(flags);
    const status = await inspectSources(context);
    const { winner } = status;
    const client =
      winner === undefined || flags.offline ? undefined : await this.clientFor(flags, context, winner);
    const verification =
      winner === undefined || client === undefined
        ? skipped
        : await explainAfterReset(await verifyKey(client), context, winner);
    const isJudged = client !== undefined && flags['require-scoped'] && verification.state === 'verified';
    const access = isJudged ? await accessOf(client, verification) : undefined;
    const open = await openWork(context, winner, verification);
    const report = {
      ...authReport(context, status, verification, this.target, open),
      ...(access === undefined ? {} : { access }),
    };
    const toSave = adviceToSave(context.paths.settingsFile);
    return { document: report, human: reportText(report, this.target, toSave), endsWith: codeOf(report) };
  }
}

/** Returns the rotations and resets that are not finished. Returns none behind a broker, where no saved key is read. */
async function openWork(
  context: Context,
  winner: CredentialStatus['winner'],
  verification: Verification,
): Promise<readonly Problem[]> {
  if (isInBroker(context.environment)) return [];
  const rotations = await rotationProblems(context.paths, context.profile.name);
  // A ledger that cannot be read is reported once.
  const resets = await resetsToReport(context, winner, verification).catch(() => []);
  return [...rotations, ...resets];
}
