import { option, string } from '@oclif/core/flags';
import type { Policy } from '@vastai-cli/broker';
import type { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import { isVastaiError, withDetails } from '@vastai-cli/core/internal/base/errors';
import type { AcquiredKey } from '@vastai-cli/core/internal/context/acquire-key';
import { secretsOf } from '@vastai-cli/core/internal/context/sent-key';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import { mayHaveKeysLeft } from '@vastai-cli/core/internal/operations/ephemeral/left-behind';
import { ApiCommand, type ApiFlags } from '@vastai-cli/kit/command/api-command';
import { BaseCommand, type ContextFlags } from '@vastai-cli/kit/command/base-command';
import type { Result } from '@vastai-cli/kit/result';
import { accessOfRun } from '../child/access.js';
import { environmentWithout } from '../child/broker-environment.js';
import { environmentWith } from '../child/environment.js';
import { MASKING, type Masking, maskedStreams } from '../child/masking/masked-streams.js';
import { runProgram } from '../child/run-program.js';
import { type ExecArguments, requireSeparator, shellOf, splitArguments } from './exec/arguments.js';
import { BROKER_FLAGS, type BrokerFlagValues, requireBroker } from './exec/broker-flags.js';
import { EPHEMERAL_FLAGS, type EphemeralFlagValues, requireEphemeral } from './exec/ephemeral-flags.js';
import type { EphemeralRun } from './exec/ephemeral-run.js';
import { resultOf } from './exec/program-end.js';
import { fillIn, parseTemplates, type Template } from './exec/templates.js';

/** Sets what exec takes no flags for. The API counts the requests of all programs together, so many at once wait for long. */
const REQUESTS = { retry: 3, limitRetry: 20, timeout: 30, explain: false };

const WITHOUT_SESSION =
  'The key of this run has no two-factor session, so the API may reject it. With --broker and without --ephemeral, the program uses your session.';

const { 'no-color': noColor } = BaseCommand.baseFlags;
const { 'api-key': apiKey, profile, url } = ApiCommand.baseFlags;

type Flags = BrokerFlagValues & EphemeralFlagValues & ContextFlags & { readonly mask: Masking };

/** Holds what the program is to run with. */
interface Run {
  /** Undefined without a broker. */
  readonly policy: Policy | undefined;
  readonly context: Context;
  readonly found: AcquiredKey;
  readonly templates: readonly Template[];
  readonly program: ExecArguments['program'];
  /** The key of this run, which replaces the one that was found. */
  readonly made: EphemeralRun | undefined;
}

export default class Exec extends ApiCommand {
  static override summary = 'Run a program with the API key in its environment.';
  static override description =
    'Sets VAST_API_KEY to the key and, unless it is the default, VAST_URL to the URL of the API. Without a program, starts your shell. The exit status is that of the program. If the program writes the key to a pipe or a file, it is masked.\n\nWith --broker, the program gets a temporary token and the address of a broker on this machine instead of the key. The broker refuses every call that is not allowed by all the flags you give. Without --permission_file, --preset, --allow and --only, it refuses only sensitive operations: those on keys, access, secrets and payments. Renting and destroying instances is allowed then.\n\nThe broker protects you from mistakes and leaks, not from malicious programs: a program that runs as you can still read your files and ask the keychain.\n\nWith --ephemeral, vastai creates a key for this run and deletes it when the program ends. If vastai is killed, the next exec, doctor or prune deletes the key. Do not use it in CI: the job would need a key that can create keys, and therefore do everything. Give the job a scoped key instead, and check it with "auth status --require-scoped".';
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
      description: 'Let a program rent and manage up to two instances without giving it the key:',
      command: '<%= config.bin %> exec --broker --own-instances --max-creates 2 -- ./agent.sh',
    },
    {
      description: 'Let a program only read:',
      command:
        '<%= config.bin %> exec --broker --only offer.search instance.list instance.show user.show -- ./agent.sh',
    },
    {
      description:
        'Record what a program does, then allow only that next time (see "permissions suggest --from-recording"):',
      command: '<%= config.bin %> exec --broker --record calls.jsonl -- ./agent.sh',
    },
    {
      description: 'Give a program a read-only key for at most 15 minutes:',
      command: '<%= config.bin %> exec --ephemeral --preset monitoring --ttl 15m -- ./report.sh',
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
        'When to mask the key in the output: "auto" does not touch terminals, "always" masks there too. [default: auto]',
      noCacheDefault: true,
    })(),
    env: string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'NAME=TEMPLATE',
      description: 'Set another variable, with {{key}} and {{url}} replaced. Can be repeated.',
    }),
    ...BROKER_FLAGS,
    ...EPHEMERAL_FLAGS,
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
    requireEphemeral(flags);
    const policy = flags.broker ? await readPolicyOf(flags) : undefined;
    if (policy !== undefined && 'result' in policy) return policy.result;
    const context = await this.context(flags);
    const found = await this.keyOf(context);
    await this.#deleteKeysLeft(flags, context, found);
    const run = (made?: EphemeralRun) =>
      this.#run(flags, { policy, context, found, templates, program, made });
    return flags.ephemeral ? this.#withEphemeralKey(flags, context, found, run) : run();
  }

  async #run(flags: Flags, { policy, context, found, templates, program, made }: Run): Promise<Result> {
    const keys = made === undefined ? secretsOf(found) : ([made.key] as const);
    const [key] = keys;
    const { startBrokerRun } = policy === undefined ? {} : await import('./exec/broker-run.js');
    const { terminal } = this;
    const broker = policy && (await startBrokerRun?.(flags, { policy, context, keys, terminal }));
    const [file, ...args] = program ?? [shellOf(context.environment)];
    if (program === undefined) {
      const sent = key === found.session?.key ? `the two-factor session of ${found.key}` : `the key ${key}`;
      const what = broker === undefined ? sent : `a token for ${sent}`;
      this.output.note(`Starting ${file} with ${what} in VAST_API_KEY.`);
    }
    const access = broker?.access ?? (await accessOfRun(context, key));
    const env = { ...environmentWith(access), ...fillIn(templates, access) };
    const asked = {
      file,
      args,
      env: made === undefined ? env : environmentWithout(env, secretsOf(found)),
      withheld: made && context.environment.VAST_API_KEY_FILE,
      masked: { keys, streams: maskedStreams(flags.mask) },
      handOver: () => this.handOverSignals(),
      takeBack: () => made?.takeBack(),
      diesWithUs: made !== undefined,
      limit: made?.limit,
    };
    let lost: Error | undefined;
    const end = await runProgram(broker?.behind(asked) ?? asked).finally(async () => {
      lost = await broker?.close();
    });
    return resultOf(end, file, lost);
  }

  /** Makes a key, and deletes it in the end. It may say something then, see `startBrokerRun`. */
  async #withEphemeralKey(
    flags: Flags,
    context: Context,
    found: AcquiredKey,
    run: (made: EphemeralRun) => Promise<Result>,
  ): Promise<Result> {
    if (found.session !== undefined) this.output.note(WITHOUT_SESSION);
    const { withEphemeralKey } = await import('./exec/ephemeral-run.js');
    void this.terminal.stderr;
    const connect = (key: ApiKey, signal: AbortSignal) =>
      this.clientFor(
        { ...flags, ...REQUESTS },
        context,
        key === found.key ? found : { key, source: { location: 'the key of this run' } },
        signal,
      );
    const { output, interruption, givingUp } = this;
    const takeBackSignals = () => this.takeBackSignals();
    const means = { context, found, output, interruption, givingUp, takeBackSignals, connect };
    return this.uninterrupted(() => withEphemeralKey(flags, means, run));
  }

  /** Does not advise --retry, which this command does not have. */
  protected override async explain(error: Error): Promise<Error> {
    if (isVastaiError(error) && error.code === 'rate_limited')
      return withDetails(error, { hint: 'Wait a while, then try again.' });
    return super.explain(error);
  }

  /** Cleans up after runs that were killed. */
  async #deleteKeysLeft(flags: Flags, context: Context, found: AcquiredKey): Promise<void> {
    if (!(await mayHaveKeysLeft(context.paths, context.url.origin))) return;
    const { deleteKeysLeft } = await import('./exec/keys-left.js');
    const once: ApiFlags = { ...flags, ...REQUESTS, retry: 0, timeout: 5 };
    const connect = (signal: AbortSignal) =>
      this.clientFor(once, context, found, AbortSignal.any([signal, this.interruption]));
    await deleteKeysLeft({ context, found, output: this.output, connect });
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
