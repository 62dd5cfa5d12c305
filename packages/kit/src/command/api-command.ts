import { boolean, custom, string } from '@oclif/core/flags';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import type { AcquiredKey } from '@vastai-cli/core/internal/context/acquire-key';
import type { KeyToSend } from '@vastai-cli/core/internal/context/create-client';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import type { Client } from '@vastai-cli/core/internal/http/client';
import { keyFlags } from '../render/advice-target.js';
import type { ContextFlags } from './base-command.js';
import { ProfileCommand } from './profile-command.js';

/** Holds the parsed flags that every command that talks to the API takes. */
export interface ApiFlags extends ContextFlags {
  /** The number of attempts after the first. */
  readonly retry: number;
  /** The number of attempts after a 429 that says how long to wait, if it is another one. No flag sets it. */
  readonly limitRetry?: number;
  /** Maximum number of redirects, if not the usual one. */
  readonly redirects?: number;
  /** The time limit of one attempt, in seconds. */
  readonly timeout: number;
  readonly explain: boolean;
}

/** Makes a flag that takes a plain decimal number: no sign, no exponent. */
const numberFlag = (takes: string, isValid: (text: string) => boolean) =>
  custom<number>({
    async parse(text) {
      if (isValid(text)) return Number(text);
      throw new UsageError(takes);
    },
  });

const retry = numberFlag('--retry must be a whole number from 0 to 100.', (text) =>
  /^(\d{1,2}|100)$/.test(text),
);
const timeout = numberFlag(
  '--timeout must be a number of seconds, more than 0 and at most 3600.',
  (text) => /^\d{1,4}(\.\d{1,3})?$/.test(text) && Number(text) > 0 && Number(text) <= 3600,
);

/** The base of a command that talks to the API. It looks up the key once per run and creates the client. */
export abstract class ApiCommand extends ProfileCommand {
  static override baseFlags = {
    ...ProfileCommand.baseFlags,
    'api-key': string({
      description: 'The API key to send (VAST_API_KEY).',
      helpValue: 'KEY',
      helpGroup: 'GLOBAL',
    }),
    url: string({
      description: 'The base URL of the API (VAST_URL).',
      helpValue: 'URL',
      helpGroup: 'GLOBAL',
    }),
    retry: retry({
      description: 'Retry a failed request up to this many times. [default: 3]',
      default: 3,
      helpValue: 'N',
      helpGroup: 'GLOBAL',
      noCacheDefault: true,
    }),
    timeout: timeout({
      description: 'The time limit for each attempt. [default: 30]',
      default: 30,
      helpValue: 'SECONDS',
      helpGroup: 'GLOBAL',
      noCacheDefault: true,
    }),
    raw: boolean({ description: "Print the API's own response as JSON.", helpGroup: 'GLOBAL' }),
    explain: boolean({
      description: 'Print each request and response to standard error, with secrets masked.',
      helpGroup: 'GLOBAL',
    }),
  };

  #found: AcquiredKey | undefined;

  /**
   * Returns a client that sends the key of this run, or its two-factor session.
   *
   * @throws VastaiError `no_key` if no source has a key.
   */
  protected async connect(flags: ApiFlags): Promise<Client> {
    const context = await this.context(flags);
    return this.clientFor(flags, context, await this.keyOf(context));
  }

  /** Returns a client that sends the key of this run itself, as the two-factor routes need it. Reads no session. */
  protected async connectWithKey(flags: ApiFlags): Promise<Client> {
    const context = await this.context(flags);
    return this.clientFor(flags, context, await this.keyAloneOf(context));
  }

  /** Returns the key of this run without its two-factor session, which is not read. */
  protected async keyAloneOf(context: Context): Promise<AcquiredKey> {
    const { session: _, ...found } = await this.#acquire(context, false);
    return found;
  }

  /**
   * Returns the key of this run, with its two-factor session if it has one. The first call looks it up, and prints the notes
   * and warnings of that lookup.
   */
  protected async keyOf(context: Context): Promise<AcquiredKey> {
    return this.#acquire(context, true);
  }

  async #acquire(context: Context, withSession: boolean): Promise<AcquiredKey> {
    if (this.#found === undefined) {
      const { acquireKey } = await import('@vastai-cli/core/internal/context/acquire-key');
      // Ctrl-C also reaches the key command. Report the interruption, not the failure that it causes.
      this.#found = await acquireKey(context, { withSession }).catch((error: unknown) => {
        this.interruption.throwIfAborted();
        throw error;
      });
      for (const note of this.#found.notes) this.output.note(note);
      for (const { message, fix } of this.#found.warnings) {
        const { adviceText } = await import('../render/advice.js');
        this.output.warn(`${message}\n${adviceText(fix, this.target)}`.trim());
      }
    }
    return this.#found;
  }

  /**
   * Returns a client that sends the given key. The code for requests is loaded here, since some commands need the API only
   * for some arguments.
   *
   * @param signal aborts its requests; by default, the first signal that asks this command to end does.
   */
  protected async clientFor(
    flags: ApiFlags,
    context: Context,
    found: KeyToSend,
    signal: AbortSignal = this.interruption,
  ): Promise<Client> {
    const [{ createClient }, { requestObserver }] = await Promise.all([
      import('@vastai-cli/core/internal/context/create-client'),
      import('./request-observer.js'),
    ]);
    return createClient(context, found, {
      retries: flags.retry,
      limitRetries: flags.limitRetry,
      redirects: flags.redirects,
      timeoutMs: flags.timeout * 1000,
      signal,
      givingUp: this.givingUp,
      commandFlags: keyFlags(this.target),
      userAgent: this.config.userAgent,
      observer: requestObserver(this.output, flags.explain),
    });
  }

  /** Returns nothing for a key from a flag or a variable, which is sent whatever the profile is. */
  protected override profileInUse(): string {
    const isGiven = this.#found !== undefined && this.#found.source.boundOrigin === undefined;
    return isGiven ? '' : super.profileInUse();
  }

  protected override async explain(error: Error): Promise<Error> {
    const { explainApiError } = await import('./explain-api-error.js');
    return explainApiError(error, this.openedContext, this.#found);
  }
}
