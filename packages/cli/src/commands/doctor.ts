import { readEnvironment } from '@vastai-cli/core/internal/base/environment';
import { isVastaiError, type VastaiError } from '@vastai-cli/core/internal/base/errors';
import { DEFAULT_URL } from '@vastai-cli/core/internal/base/origin';
import { inspectSources } from '@vastai-cli/core/internal/credentials/status';
import { ApiCommand, type ApiFlags } from '@vastai-cli/kit/command/api-command';
import { EXIT_STATUS } from '@vastai-cli/kit/command/exit-status';
import { rendered } from '@vastai-cli/kit/render/advice';
import { checkApi } from '../services/doctor/check-api.js';
import { checkFiles } from '../services/doctor/check-files.js';
import { checkForgotten } from '../services/doctor/check-forgotten.js';
import { checkKeychain } from '../services/doctor/check-keychain.js';
import { checkKeys } from '../services/doctor/check-keys.js';
import { checkNetwork } from '../services/doctor/check-network.js';
import { checkProgram } from '../services/doctor/check-program.js';
import { type Finding, problem } from '../services/doctor/finding.js';
import { printFindings } from '../services/doctor/print-findings.js';
import { adviceToGo, expected, settled } from '../services/doctor/settled.js';
import { skipped, verifyKey } from '../services/verify-key.js';

export default class Doctor extends ApiCommand {
  static override wholeConfig = true;
  static override summary = 'Look for what is wrong: keys, files, keychain, network, plugins.';
  static override description =
    'Changes nothing. Exit status: 0 when nothing is wrong, 10 when something is.';
  static override examples = [
    {
      description: 'What is wrong, for a script:',
      command: '<%= config.bin %> doctor --json | jq \'.checks[] | select(.state == "problem")\'',
    },
  ];

  async run(): Promise<void> {
    const { flags } = await this.parse(Doctor);
    const checks = (await this.#examine(flags)).map((finding) => rendered(finding, this.target));
    if (this.output.format === 'human') printFindings(checks, this.output, this.terminal);
    else this.output.json({ checks });
    this.exit(checks.some(({ state }) => state === 'problem') ? EXIT_STATUS.findings : 0);
  }

  async #examine(flags: ApiFlags): Promise<Finding[]> {
    const program = checkProgram(this.config);
    const context = await this.context(flags).catch(expected);
    if (isVastaiError(context)) return [...program, ...(await this.#examineWithoutContext(context))];
    const status = inspectSources(context);
    return [
      ...program,
      ...(await settled('key', async () => checkKeys(await status, context.paths))),
      ...(await settled('file', () => checkFiles(context))),
      ...(await settled('keychain', () => checkKeychain(context, this.config.root, this.terminal.canAsk))),
      ...(await settled('keychain', () => checkForgotten(context, this.config.root))),
      ...(await checkNetwork(context.url, context.environment)),
      ...(await settled('api', async () => {
        const { winner } = await status;
        const asks = winner !== undefined;
        return checkApi(context, asks ? await verifyKey(this.clientFor(flags, context, winner)) : skipped);
      })),
    ];
  }

  /** What can be said while it is not known which profile and which API are meant. */
  async #examineWithoutContext(error: VastaiError): Promise<Finding[]> {
    const environment = readEnvironment(process.env);
    const anyProfile = { environment, record: undefined };
    return [
      problem('settings', error.message, adviceToGo(error)),
      ...(await settled('keychain', () => checkKeychain(anyProfile, this.config.root, this.terminal.canAsk))),
      ...(await checkNetwork(new URL(DEFAULT_URL), environment)),
    ];
  }
}
