import { serverText } from '@vastai-cli/core/api/server-text';
import { maskKeyLike } from '@vastai-cli/core/credentials/key-like';
import { type ErrorCode, isVastaiError, VastaiError } from '@vastai-cli/core/errors';
import { EXIT_STATUS } from './exit-status.js';
import { valuesOf } from './given-flag.js';
import { usageErrorOf, withoutParserWords } from './parse-failure.js';

/** What a failed command prints and returns. */
export interface Failure {
  readonly exitStatus: number;
  /** The document of `--json` and `--raw`. */
  readonly document: FailureDocument;
}

export interface FailureDocument {
  readonly error: {
    readonly code: ErrorCode;
    readonly message: string;
    readonly hint?: string;
    readonly status?: number;
    readonly source?: string;
  };
  readonly [more: string]: unknown;
}

/** Turns whatever was thrown into what the person and the script get. A key that was typed is not repeated. */
export function failureOf(error: unknown): Failure {
  const { exitStatus, document } = describe(error);
  const { message, hint } = document.error;
  const known = [process.env.VAST_API_KEY ?? '', ...valuesOf('--api-key', process.argv)];
  const masked = {
    ...document.error,
    message: maskKeyLike(message, known),
    ...(hint === undefined ? {} : { hint: maskKeyLike(hint, known) }),
  };
  return { exitStatus, document: { ...document, error: masked } };
}

function describe(error: unknown): Failure {
  const known = isVastaiError(error) ? error : (usageErrorOf(error) ?? promptClosed(error));
  if (known === undefined) return internalFailure(error);
  const { code, hint, status, source, beside } = known;
  // oclif's parser writes around the message of an error that a flag threw.
  const message = withoutParserWords(known.message);
  return {
    exitStatus: EXIT_STATUS[code],
    document: {
      error: {
        code,
        message,
        ...(hint === undefined ? {} : { hint }),
        ...(status === undefined ? {} : { status }),
        ...(source === undefined ? {} : { source }),
      },
      ...beside,
    },
  };
}

/** Ctrl-C at a prompt, or a signal meanwhile, is an interruption like any other. */
function promptClosed(error: unknown): VastaiError | undefined {
  if (!(error instanceof Error) || !['ExitPromptError', 'AbortPromptError'].includes(error.name))
    return undefined;
  return new VastaiError('interrupted', 'Interrupted; nothing was changed.');
}

/** Something that nobody foresaw: its text is shown, without the stack. */
function internalFailure(error: unknown): Failure {
  const text = error instanceof Error ? error.message : String(error);
  const hint =
    'This is a fault of vastai itself. Please report it with the output of: vastai version --verbose';
  return {
    exitStatus: EXIT_STATUS.internal,
    document: { error: { code: 'internal', message: serverText(text), hint } },
  };
}
