import { readEnvironment } from '@vastai-cli/core/config/environment';
import { DEFAULT_URL } from '@vastai-cli/core/config/origin';
import { inspectSources } from '@vastai-cli/core/credentials/status';
import { isVastaiError, type VastaiError } from '@vastai-cli/core/errors';
import { rendered } from '@vastai-cli/kit/advice';
import { ApiCommand, type ApiFlags } from '@vastai-cli/kit/api-command';
import { EXIT_STATUS } from '@vastai-cli/kit/exit-status';
import { checkApi } from '../services/doctor/check-api.js';
import { checkFiles } from '../services/doctor/check-files.js';
import { checkForgotten } from '../services/doctor/check-forgotten.js';
import { checkKeychain } from '../services/doctor/check-keychain.js';
import { checkKeys } from '../services/doctor/check-keys.js';
import { checkNetwork } from '../services/doctor/check-network.js';
import { checkProgram } from '../services/doctor/check-program.js';
import { type Finding, problem } from '../services/doctor/finding.js';
import { printFindings } from '../services/doctor/print-findings.js';
import { adviceToGo, foreseen, settled } from '../services/doctor/settled.js';
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
    const session = await this.session(flags).catch(foreseen);
    if (isVastaiError(session)) return [...program, ...(await this.#examineWithoutSession(session))];
    const status = inspectSources(session);
    return [
      ...program,
      ...(await settled('key', async () => checkKeys(await status, session.paths))),
      ...(await settled('file', () => checkFiles(session))),
      ...(await settled('keychain', () => checkKeychain(session, this.config.root, this.terminal.canAsk))),
      ...(await settled('keychain', () => checkForgotten(session, this.config.root))),
      ...(await checkNetwork(session.url, session.environment)),
      ...(await settled('api', async () => {
        const { winner } = await status;
        const asks = winner !== undefined;
        return checkApi(session, asks ? await verifyKey(this.clientFor(flags, session, winner)) : skipped);
      })),
    ];
  }

  /** What can be said while it is not known which profile and which API are meant. */
  async #examineWithoutSession(error: VastaiError): Promise<Finding[]> {
    const environment = readEnvironment(process.env);
    const anyProfile = { environment, record: undefined };
    return [
      problem('settings', error.message, adviceToGo(error)),
      ...(await settled('keychain', () => checkKeychain(anyProfile, this.config.root, this.terminal.canAsk))),
      ...(await checkNetwork(new URL(DEFAULT_URL), environment)),
    ];
  }
}
