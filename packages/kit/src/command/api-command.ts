import { boolean, custom, string } from '@oclif/core/flags';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { type AcquiredKey, acquireKey } from '@vastai-cli/core/internal/context/acquire-key';
import { createClient, type KeyToSend } from '@vastai-cli/core/internal/context/create-client';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import type { Client } from '@vastai-cli/core/internal/http/client';
import { keyFlags } from '../render/advice-target.js';
import type { ContextFlags } from './base-command.js';
import { ProfileCommand } from './profile-command.js';
import { requestObserver } from './request-observer.js';

/** The flags of every command that talks to the API, as a command has them after parsing. */
export interface ApiFlags extends ContextFlags {
  readonly retry: number;
  readonly timeout: number;
  readonly explain: boolean;
}

/** A number in ordinary notation: no sign, no exponent. */
const numberFlag = (takes: string, isValid: (text: string) => boolean) =>
  custom<number>({
    async parse(text) {
      if (isValid(text)) return Number(text);
      throw new UsageError(takes);
    },
  });

const retry = numberFlag('--retry takes a whole number from 0 to 100.', (text) =>
  /^(\d{1,2}|100)$/.test(text),
);
const timeout = numberFlag(
  '--timeout takes a number of seconds, above 0 and up to 3600.',
  (text) => /^\d{1,4}(\.\d{1,3})?$/.test(text) && Number(text) > 0 && Number(text) <= 3600,
);

/** A command that talks to the API: it finds the key once, and makes the client of this run. */
export abstract class ApiCommand extends ProfileCommand {
  static override baseFlags = {
    ...ProfileCommand.baseFlags,
    'api-key': string({
      description: 'The API key to send (VAST_API_KEY).',
      helpValue: 'KEY',
      helpGroup: 'GLOBAL',
    }),
    url: string({ description: 'The API to talk to (VAST_URL).', helpValue: 'URL', helpGroup: 'GLOBAL' }),
    retry: retry({
      description: 'How often to try again; 0 means one attempt. [default: 3]',
      default: 3,
      helpValue: 'N',
      helpGroup: 'GLOBAL',
      noCacheDefault: true,
    }),
    timeout: timeout({
      description: 'The time limit of one attempt. [default: 30]',
      default: 30,
      helpValue: 'SECONDS',
      helpGroup: 'GLOBAL',
      noCacheDefault: true,
    }),
    raw: boolean({ description: "Print the API's own answer as JSON.", helpGroup: 'GLOBAL' }),
    explain: boolean({
      description: 'Show each request on standard error, secrets masked.',
      helpGroup: 'GLOBAL',
    }),
  };

  #found: AcquiredKey | undefined;

  /** The client of this run, with the key that the chain finds. */
  protected async connect(flags: ApiFlags): Promise<Client> {
    const context = await this.context(flags);
    return this.clientFor(flags, context, await this.keyOf(context));
  }

  /** The key of this run, found once; what there is to say about how it was found is said then. */
  protected async keyOf(context: Context): Promise<AcquiredKey> {
    if (this.#found === undefined) {
      // The key command gets the terminal's Ctrl-C too: that it failed is not news then.
      this.#found = await acquireKey(context).catch((error: unknown) => {
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
   * A client that sends the given key.
   *
   * @param signal ends its requests: the first signal of a person or a supervisor, where nothing else is said.
   */
  protected clientFor(
    flags: ApiFlags,
    context: Context,
    found: KeyToSend,
    signal: AbortSignal = this.interruption,
  ): Client {
    return createClient(context, found, {
      retries: flags.retry,
      timeoutMs: flags.timeout * 1000,
      signal,
      givingUp: this.givingUp,
      commandFlags: keyFlags(this.target),
      userAgent: this.config.userAgent,
      observer: requestObserver(this.output, flags.explain),
    });
  }

  /** A key that was given just now is sent whatever the profile. */
  protected override profileInUse(): string {
    const isGiven = this.#found !== undefined && this.#found.source.boundOrigin === undefined;
    return isGiven ? '' : super.profileInUse();
  }

  protected override async explain(error: Error): Promise<Error> {
    const { explainRefusal } = await import('./explain-api-error.js');
    return explainRefusal(error, this.openedContext, this.#found);
  }
}
