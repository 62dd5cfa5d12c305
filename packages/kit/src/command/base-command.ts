import { Command } from '@oclif/core/command';
import type { Config } from '@oclif/core/config';
import { boolean } from '@oclif/core/flags';
import type { LoadOptions } from '@oclif/core/interfaces';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import { type AdviceTarget, targetOf } from '../render/advice-target.js';
import { type Failure, failureOf } from '../render/failure.js';
import { type Format, Output } from '../render/output.js';
import { openTerminal, type Terminal } from '../render/terminal.js';
import type { Result } from '../result.js';
import { EXIT_STATUS } from './exit-status.js';
import { isGiven } from './given-flag.js';
import { Interruption } from './interruption.js';
import { chosenElsewhere, nameProfile, withAside } from './named-profile.js';

/** What chooses profile, API and key; a command that takes only some of them gives only those. */
export interface ContextFlags {
  readonly profile?: string | undefined;
  readonly 'api-key'?: string | undefined;
  readonly url?: string | undefined;
}

/**
 * What every command of vastai has: the flags for output, one session, one way to fail and one to be
 * interrupted. Commands that work with a profile extend `ProfileCommand`, those that talk to the API `ApiCommand`.
 */
export abstract class BaseCommand extends Command {
  static override baseFlags = {
    json: boolean({ description: 'Print one JSON document, also for an error.', helpGroup: 'GLOBAL' }),
    'no-color': boolean({ description: 'Print without colour.', helpGroup: 'GLOBAL' }),
    // It installs the plugin of a command that is run for the first time, and is no mistake the second time.
    yes: boolean({ description: 'Install the plugin of this command if it is missing.', hidden: true }),
  };

  /**
   * Set it in a command that looks at more of `this.config` than name, version, bin, root, userAgent, pjson and
   * dataDir: at its plugins or commands, say. Without it, the CLI may run the command before it knows them.
   */
  declare static wholeConfig?: boolean;

  protected terminal!: Terminal;
  protected output!: Output;
  readonly #interruption = new Interruption();
  #context: Context | undefined;

  /**
   * Runs the command with the configuration that it is given. oclif would read it anew, plugins included, in case
   * another version of oclif made it; what is used of it here is the same in all of them.
   */
  static override async run<T extends Command>(
    this: new (
      argv: string[],
      config: Config,
    ) => T,
    argv: string[] = process.argv.slice(2),
    options?: LoadOptions,
  ): Promise<ReturnType<T['run']>> {
    const isConfig = typeof options === 'object' && 'runHook' in options;
    // biome-ignore lint/complexity/noThisInStatic: it is the command's own class, below this one
    if (!isConfig) return Command.run.call(this, argv, options) as Promise<ReturnType<T['run']>>;
    return (new this(argv, options as Config) as unknown as BaseCommand)._run();
  }

  /** Aborted by the first signal that asks this command to end: Ctrl-C, or the TERM of a supervisor. */
  protected get interruption(): AbortSignal {
    return this.#interruption.first;
  }

  /** Aborted by the second one, which ends what `uninterrupted` goes on with after the first. */
  protected get givingUp(): AbortSignal {
    return this.#interruption.second;
  }

  /**
   * Does the work of the command and returns what came of it. It is printed, and the exit status set, by this class;
   * a command that returns nothing has printed through another program.
   */
  abstract override run(): Promise<Result | undefined>;

  // oclif has no step between `run` and `catch`, and what printing throws belongs to `catch`.
  protected override async _run<T>(): Promise<T> {
    const work = this.run.bind(this);
    this.run = async () => {
      const result = await work();
      if (result !== undefined) {
        const finish = () => this.#finish(result);
        await (result.delivery === undefined ? finish() : this.#interruption.seeThrough(finish));
      }
      return result;
    };
    return super._run<T>();
  }

  // The flags are not parsed yet when this runs, and may never be: a wrong flag too must fail in the right format.
  protected override async init(): Promise<void> {
    this.terminal = openTerminal(this.#has('--no-color'), { interruption: this.interruption });
    this.output = new Output(this.terminal, this.#format());
    this.#interruption.listen((error) => process.exit(this.#fail(failureOf(error, this.target))));
  }

  /**
   * Does what must not be cut off half-way, such as making a key: the first signal only aborts `interruption`, so
   * that the work can say what is at stake, and the second ends it.
   *
   * @throws VastaiError `interrupted` when a signal came before.
   */
  protected async uninterrupted<T>(work: () => Promise<T>): Promise<T> {
    return this.#interruption.uninterrupted(work);
  }

  /** The session of this run, once it is open. */
  protected get openedContext(): Context | undefined {
    return this.#context;
  }

  /** Profile, API and sources of this run; reads no key. */
  protected async context(flags: ContextFlags): Promise<Context> {
    const [{ openContext }, { readEnvironment }] = await Promise.all([
      import('@vastai-cli/core/internal/context/open'),
      import('@vastai-cli/core/internal/base/environment'),
    ]);
    this.#context ??= await openContext({
      environment: readEnvironment(process.env),
      apiKey: flags['api-key'],
      profile: flags.profile,
      url: flags.url,
      cliRoot: this.config.root,
      interactive: this.terminal.canAsk,
      notify: (text) => this.output.note(text),
      signal: this.interruption,
      warn: (text) => this.output.warn(text),
    });
    return this.#context;
  }

  /** What the commands that this run suggests have to carry. */
  protected get target(): AdviceTarget {
    return targetOf(this.argv, this.#context?.profile);
  }

  /** Names the profile in use, and what chose it, in a question about it. */
  protected withProfile(question: string): string {
    return withAside(question, this.profileInUse());
  }

  /** The profile and what chose it, in words; nothing where the command line did, or no profile counts. */
  protected profileInUse(): string {
    return this.#context === undefined ? '' : chosenElsewhere(this.#context.profile);
  }

  protected override async catch(error: Error): Promise<void> {
    // oclif's way to end early, as --help does.
    if ('code' in error && error.code === 'EEXIT') throw error;
    this.exit(this.#fail(await this.#failureOf(error)));
  }

  protected override async finally(error: Error | undefined): Promise<void> {
    this.#interruption.stopListening();
    await this.output?.drained();
    await super.finally(error);
  }

  /** Lets a command say more about an error before it is reported. */
  protected async explain(error: Error): Promise<Error> {
    return error;
  }

  async #finish(result: Result): Promise<void> {
    const failure = result.failure === undefined ? undefined : await this.#failureOf(result.failure);
    await this.output.print(result, failure);
    const otherwise = result.endsWith === undefined ? 0 : EXIT_STATUS[result.endsWith];
    const status = failure === undefined ? otherwise : this.#statusOf(failure);
    if (status !== 0) this.exit(status);
  }

  async #failureOf(error: Error): Promise<Failure> {
    return failureOf(nameProfile(await this.explain(error), this.#context), this.target);
  }

  #fail(failure: Failure): number {
    this.output.failure(failure);
    return this.#statusOf(failure);
  }

  #statusOf({ document, exitStatus }: Failure): number {
    return document.error.code === 'interrupted' ? this.#interruption.exitStatus : exitStatus;
  }

  #format(): Format {
    if (this.#has('--raw')) return 'raw';
    return this.#has('--json') ? 'json' : 'human';
  }

  #has(flag: string): boolean {
    return isGiven(flag, this.argv);
  }
}
