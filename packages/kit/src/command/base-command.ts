import { Command } from '@oclif/core/command';
import type { Config } from '@oclif/core/config';
import { boolean } from '@oclif/core/flags';
import type { LoadOptions } from '@oclif/core/interfaces';
import { isInBroker, readEnvironment } from '@vastai-cli/core/internal/base/environment';
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

/** Holds the flags that choose the profile, the API and the key. A command passes those that it takes. */
export interface ContextFlags {
  readonly profile?: string | undefined;
  readonly 'api-key'?: string | undefined;
  readonly url?: string | undefined;
}

/**
 * The base of every vastai command: output flags, one context, and the same handling of errors and signals. Commands
 * that use a profile extend `ProfileCommand`; commands that talk to the API extend `ApiCommand`.
 */
export abstract class BaseCommand extends Command {
  static override baseFlags = {
    json: boolean({
      description: 'Print one JSON document, even if the command fails.',
      helpGroup: 'GLOBAL',
    }),
    'no-color': boolean({ description: 'Disable colour.', helpGroup: 'GLOBAL' }),
    // The first run of a plugin's command may install the plugin, so --yes must be accepted on later runs too.
    yes: boolean({ description: 'Install the plugin of this command without asking.', hidden: true }),
  };

  /**
   * Set in a command that needs more of `this.config` than name, version, bin, root, userAgent, pjson and dataDir:
   * plugins or commands, for example. Otherwise the CLI may run the command before it has loaded them.
   */
  declare static wholeConfig?: boolean;

  protected terminal!: Terminal;
  protected output!: Output;
  #interruption = new Interruption();
  #context: Context | undefined;

  /**
   * Runs the command with the given configuration. oclif would load the configuration and all plugins a second time, in
   * case another version of oclif had made it; the fields used here are the same in every version.
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
    // biome-ignore lint/complexity/noThisInStatic: it is the class of the command that extends this one
    if (!isConfig) return Command.run.call(this, argv, options) as Promise<ReturnType<T['run']>>;
    return (new this(argv, options as Config) as unknown as BaseCommand)._run();
  }

  /** Aborted by the first signal that asks this command to end, such as Ctrl-C or SIGTERM. */
  protected get interruption(): AbortSignal {
    return this.#interruption.first;
  }

  /** Aborted by the second signal, which also ends work inside `uninterrupted`. */
  protected get givingUp(): AbortSignal {
    return this.#interruption.second;
  }

  /**
   * Does the work of the command and returns its result, which this class prints before it sets the exit status. A
   * command returns `undefined` if another program has printed its output.
   */
  abstract override run(): Promise<Result | undefined>;

  // oclif has no hook between `run` and `catch`, and `catch` must handle what printing throws.
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

  // Flags are not parsed yet, and may never be: an unknown flag must fail in the requested format too.
  protected override async init(): Promise<void> {
    this.terminal = openTerminal(this.#has('--no-color'), { interruption: this.interruption });
    this.output = new Output(this.terminal, this.#format());
    this.#listen();
    if (!isInBroker(readEnvironment(process.env))) return;
    const { refuseInBroker } = await import('./in-broker.js');
    refuseInBroker(this.id ?? '', this.argv);
  }

  /**
   * Runs work that must not stop half-way, such as creating a key. The first signal only aborts `interruption`, so that
   * the work can warn about what is at stake; the second ends it.
   *
   * @throws VastaiError `interrupted` if a signal arrived before the work began.
   */
  protected async uninterrupted<T>(work: () => Promise<T>): Promise<T> {
    return this.#interruption.uninterrupted(work);
  }

  /**
   * Leaves signals to a program that is about to start. The caller must listen to them already, or one could end this
   * process.
   *
   * @throws VastaiError `interrupted` if a signal arrived before.
   */
  protected handOverSignals(): void {
    this.interruption.throwIfAborted();
    this.#interruption.stopListening();
  }

  /**
   * Listens to signals again, once the program has ended that they were left to. Signals then count anew, except where the
   * program did not start because of one.
   */
  protected takeBackSignals(): Interruption {
    if (!this.interruption.aborted) {
      this.#interruption.stopListening();
      this.#interruption = new Interruption();
      this.#listen();
    }
    return this.#interruption;
  }

  /** The context of this run, once it is open. */
  protected get openedContext(): Context | undefined {
    return this.#context;
  }

  /** Returns the profile, the API and the key sources of this run. Reads no key. */
  protected async context(flags: ContextFlags): Promise<Context> {
    const { openContext } = await import('@vastai-cli/core/internal/context/open');
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

  /** The flags that commands suggested by this run need. */
  protected get target(): AdviceTarget {
    return targetOf(this.argv, this.#context?.profile);
  }

  /** Adds the profile in use, and what chose it, to a question. */
  protected withProfile(question: string): string {
    return withAside(question, this.profileInUse());
  }

  /** Returns the profile and what chose it, in words; empty if a flag chose it or no profile is used. */
  protected profileInUse(): string {
    return this.#context === undefined ? '' : chosenElsewhere(this.#context.profile);
  }

  protected override async catch(error: Error): Promise<void> {
    // oclif ends a command early with this error, for --help among others.
    if ('code' in error && error.code === 'EEXIT') throw error;
    this.exit(this.#fail(await this.#failureOf(error)));
  }

  protected override async finally(error: Error | undefined): Promise<void> {
    this.#interruption.stopListening();
    await this.output?.drained();
    await super.finally(error);
  }

  /** Returns the error to report. A command overrides it to add details. */
  protected async explain(error: Error): Promise<Error> {
    return error;
  }

  #listen(): void {
    this.#interruption.listen((error) => process.exit(this.#fail(failureOf(error, this.target))));
  }

  async #finish(result: Result): Promise<void> {
    const failure = result.failure === undefined ? undefined : await this.#failureOf(result.failure);
    const print = () => this.output.print(result, failure);
    await (result.isPaged ? this.#interruption.leaveKeyboard(print) : print());
    const otherwise = result.endsWith === undefined ? 0 : EXIT_STATUS[result.endsWith];
    const own = failure === undefined ? otherwise : this.#statusOf(failure);
    const status = result.exitStatus ?? own;
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
