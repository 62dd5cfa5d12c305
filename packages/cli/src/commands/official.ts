import { boolean } from '@oclif/core/flags';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { sentKey } from '@vastai-cli/core/internal/context/sent-key';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import type { Result } from '@vastai-cli/kit/result';
import { type Access, accessOfRun } from '../child/access.js';
import { environmentAsItWas, environmentWith } from '../child/environment.js';
import { runProgram } from '../child/run-program.js';
import { findOfficialCli } from '../official/find-cli.js';
import { marked, refuseLoop, refuseRepetition } from '../official/loop.js';
import { unknownWithoutKey } from '../official/unknown-without-key.js';
import { requireSeparator, splitArguments } from './exec/arguments.js';
import { resultOf } from './exec/program-end.js';
import {
  isTwoFactor,
  type KeyFlags,
  keyChange,
  needsKey,
  passedOn,
  refuseBehindBroker,
  throughBroker,
  urlFor,
} from './official/arguments.js';

const PASSED_ON = 'Passed on to the official CLI.';

export default class Official extends ApiCommand {
  static override summary = "Run a command of Vast.ai's own CLI with your API key.";
  static override description =
    'Starts the official CLI, which must be on PATH, with the key in VAST_API_KEY. You need this only for commands that both CLIs have: vastai passes all others on automatically, so "vastai search offers" is the same as "vastai official -- search offers". Help, --version, update and uninstall need no key.';
  static override usage = 'official [FLAGS] -- COMMAND [ARG…]';
  static override examples = [
    {
      description: 'Show the user as the official CLI does:',
      command: '<%= config.bin %> official -- show user',
    },
    {
      description: 'Search for offers with the key of a profile:',
      command: '<%= config.bin %> --profile work search offers',
    },
  ];
  // Flags of every command mean here what the official CLI makes of them, or nothing.
  static override baseFlags = {
    ...ApiCommand.baseFlags,
    json: { ...ApiCommand.baseFlags.json, hidden: true },
    timeout: { ...ApiCommand.baseFlags.timeout, hidden: true },
    retry: { ...ApiCommand.baseFlags.retry, description: PASSED_ON },
    explain: { ...ApiCommand.baseFlags.explain, description: PASSED_ON },
    raw: { ...ApiCommand.baseFlags.raw, description: PASSED_ON },
  } as typeof ApiCommand.baseFlags;
  static override flags = {
    full: boolean({ description: PASSED_ON, helpGroup: 'GLOBAL' }),
    curl: boolean({ description: PASSED_ON, helpGroup: 'GLOBAL' }),
  };
  // The command is not an argument in oclif's sense: it has flags of its own.
  static override strict = false;

  async run(): Promise<Result> {
    const all = { ...Official.baseFlags, ...Official.flags };
    requireSeparator(this.argv, { name: 'official', what: 'command', flags: all });
    const { own, program: words = [] } = splitArguments(this.argv);
    const { flags } = await this.parse(Official, own);
    if (flags.json)
      throw new UsageError('--json is not for commands of the official CLI.', 'Use its flag --raw.');
    refuseLoop();
    refuseBehindBroker(words, flags);
    const file = findOfficialCli(this.config.root, words);
    refuseRepetition(words, file, this.config.root);
    const warning = keyChange(words);
    if (warning !== undefined) this.output.warn(warning);
    const env = needsKey(words) ? environmentWith(await this.#access(flags, words)) : environmentAsItWas();
    const args = [...passedOn(own, all), ...words];
    const end = await runProgram({
      ...throughBroker(words, { file, args, env: marked(env, file) }),
      handOver: () => this.handOverSignals(),
    });
    return resultOf(end, file);
  }

  async #access(flags: KeyFlags, words: readonly string[]): Promise<Access> {
    const context = await this.context({ ...flags, url: urlFor(words, flags.url) });
    // A session that is over could not ask for the next one.
    const found = isTwoFactor(words) ? this.keyAloneOf(context) : this.keyOf(context);
    const key = sentKey(
      await found.catch((error: unknown) => {
        throw unknownWithoutKey(error, words);
      }),
    );
    return accessOfRun(context, key);
  }
}
