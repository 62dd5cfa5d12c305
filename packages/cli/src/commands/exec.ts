import { option, string } from '@oclif/core/flags';
import type { Policy } from '@vastai-cli/broker';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import { BaseCommand } from '@vastai-cli/kit/command/base-command';
import type { Result } from '@vastai-cli/kit/result';
import { accessOfRun } from '../child/access.js';
import { environmentWith } from '../child/environment.js';
import { MASKING, maskedStreams } from '../child/masking/masked-streams.js';
import { runProgram } from '../child/run-program.js';
import { requireSeparator, shellOf, splitArguments } from './exec/arguments.js';
import { BROKER_FLAGS, type BrokerFlagValues, requireBroker } from './exec/broker-flags.js';
import { resultOf } from './exec/program-end.js';
import { fillIn, parseTemplates } from './exec/templates.js';

const { 'no-color': noColor } = BaseCommand.baseFlags;
const { 'api-key': apiKey, profile, url } = ApiCommand.baseFlags;

export default class Exec extends ApiCommand {
  static override summary = 'Run a program with the API key in its environment.';
  static override description =
    'Puts the key into VAST_API_KEY, and the URL of the API into VAST_URL unless it is the default. Without a program, starts your shell. The exit status is that of the program. What the program writes to a pipe or a file has the key masked.\n\nWith --broker, the program gets no key, but a token of this run and the address of a broker on this machine, which refuses what is not allowed. A call has to be allowed by every flag that you give. Without --permission_file, --preset, --allow and --only, the broker refuses only sensitive operations: those on keys, access, secrets and money.\n\nThe broker protects from mistakes and leaks: a program of the same user can still read your files and ask the keychain.';
  static override usage = 'exec [FLAGS] -- COMMAND [ARG…]';
  static override examples = [
    {
      description: 'Run a program that reads the key:',
      command: '<%= config.bin %> exec -- python train.py',
    },
    {
      description: 'Pass the key in another variable too:',
      command: '<%= config.bin %> exec --env TOKEN={{key}} -- ./deploy.sh',
    },
    {
      description: 'Start a shell with the key of a profile:',
      command: '<%= config.bin %> exec --profile work',
    },
    {
      description: 'Let a program rent up to two instances and look after those, without giving it the key:',
      command: '<%= config.bin %> exec --broker --own-instances --max-creates 2 -- ./agent.sh',
    },
    {
      description: 'Let a program only look:',
      command:
        '<%= config.bin %> exec --broker --only offer.search instance.list instance.show user.show -- ./agent.sh',
    },
    {
      description:
        'Record what a program does, to allow just that the next time (permissions suggest --from-recording):',
      command: '<%= config.bin %> exec --broker --record calls.jsonl -- ./agent.sh',
    },
  ];
  // No request is made, and nothing is printed, so the other flags of a command do not apply.
  static override baseFlags = {
    'no-color': noColor,
    'api-key': apiKey,
    profile,
    url,
  } as typeof ApiCommand.baseFlags;
  static override flags = {
    mask: option({
      options: MASKING,
      default: 'auto',
      description:
        'When to mask the key in the output: auto leaves terminals alone, always includes them. [default: auto]',
      noCacheDefault: true,
    })(),
    env: string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'NAME=TEMPLATE',
      description: 'Set another variable; {{key}} and {{url}} are replaced. Can be repeated.',
    }),
    ...BROKER_FLAGS,
  };
  // The program is not an argument in oclif's sense: it has flags of its own.
  static override strict = false;

  async run(): Promise<Result> {
    const all = { ...Exec.baseFlags, ...Exec.flags };
    requireSeparator(this.argv, { name: 'exec', what: 'program', flags: all });
    const { own, program } = splitArguments(this.argv);
    const { flags } = await this.parse(Exec, own);
    const templates = parseTemplates(flags.env ?? []);
    requireBroker(flags);
    const policy = flags.broker ? await readPolicyOf(flags) : undefined;
    if (policy !== undefined && 'result' in policy) return policy.result;
    const context = await this.context(flags);
    const { key } = await this.keyOf(context);
    const { startBrokerRun } = policy === undefined ? {} : await import('./exec/broker-run.js');
    const { terminal } = this;
    const broker = policy && (await startBrokerRun?.(flags, { policy, context, key, terminal }));
    const [file, ...args] = program ?? [shellOf(context.environment)];
    if (program === undefined) {
      const what = broker === undefined ? `the key ${key}` : `a token for the key ${key}`;
      this.output.note(`Starting ${file} with ${what} in VAST_API_KEY.`);
    }
    const access = broker?.access ?? (await accessOfRun(context, key));
    const asked = {
      file,
      args,
      env: { ...environmentWith(access), ...fillIn(templates, access) },
      masked: { key, streams: maskedStreams(flags.mask) },
      handOver: () => this.handOverSignals(),
    };
    let lost: Error | undefined;
    const end = await runProgram(broker?.behind(asked) ?? asked).finally(async () => {
      lost = await broker?.close();
    });
    return resultOf(end, file, lost);
  }
}

/** Loads what reads documents and operations only for a run that has some, so that a program starts before. */
async function readPolicyOf(flags: BrokerFlagValues): Promise<Policy | { readonly result: Result }> {
  const { permission_file: file, preset, allow, only } = flags;
  const limits = {
    ownInstances: flags['own-instances'],
    maxCreates: flags['max-creates'],
    allowSensitive: flags['allow-sensitive'],
  };
  if ([file, preset, allow, only].every((value) => value === undefined)) return limits;
  const { readPolicy } = await import('./exec/broker-policy.js');
  const policy = await readPolicy(flags);
  return 'result' in policy ? policy : { ...limits, ...policy };
}
