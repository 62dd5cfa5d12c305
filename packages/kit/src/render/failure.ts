import {
  type ErrorCode,
  guidanceOf,
  isVastaiError,
  StorageError,
  VastaiError,
} from '@vastai-cli/core/internal/base/errors';
import { maskKeyLike } from '@vastai-cli/core/internal/base/key-like';
import { serverText } from '@vastai-cli/core/internal/base/terminal-safe';
import { explainFileError, isFileErrorCode } from '@vastai-cli/core/internal/files/file-error';
import { EXIT_STATUS } from '../command/exit-status.js';
import { valuesOf } from '../command/given-flag.js';
import { usageErrorOf, withoutParserWords } from '../command/parse-failure.js';
import { type AdviceDocument, adviceDocuments, adviceText } from './advice.js';
import { type AdviceTarget, targetOf } from './advice-target.js';

/** Where faults are reported; the `bugs` of every package. */
const ISSUES = 'https://github.com/vastai-cli/vastai-cli/issues';

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
    /** The steps of the hint that a script can tell apart, with the command that takes each. */
    readonly advice?: readonly AdviceDocument[];
    readonly status?: number;
    readonly source?: string;
  };
  readonly [more: string]: unknown;
}

/**
 * Turns whatever was thrown into what the person and the script get. A key that was typed is not repeated.
 *
 * @param target what the commands that it suggests have to carry
 */
export function failureOf(error: unknown, target = targetOf(process.argv.slice(2))): Failure {
  const { exitStatus, document } = describe(error, target);
  const { message, hint, advice } = document.error;
  const known = [process.env.VAST_API_KEY ?? '', ...valuesOf('--api-key', process.argv)];
  const masked = {
    ...document.error,
    message: maskKeyLike(message, known),
    ...(hint === undefined ? {} : { hint: maskKeyLike(hint, known) }),
    ...(advice === undefined ? {} : { advice: advice.map((step) => maskedStep(step, known)) }),
  };
  return { exitStatus, document: { ...document, error: masked } };
}

function maskedStep(step: AdviceDocument, known: readonly string[]): AdviceDocument {
  const fields = Object.entries(step).map(([name, value]) => [
    name,
    typeof value === 'string' ? maskKeyLike(value, known) : value,
  ]);
  return Object.fromEntries(fields);
}

function describe(error: unknown, target: AdviceTarget): Failure {
  const known = isVastaiError(error)
    ? error
    : (usageErrorOf(error) ?? promptClosed(error) ?? fileFailed(error));
  if (known === undefined) return internalFailure(error);
  const { code, status, source, data } = known;
  const hint = adviceText(guidanceOf(known), target);
  const advice = adviceDocuments(known.advice, target);
  // oclif's parser writes around the message of an error that a flag threw.
  const message = withoutParserWords(known.message);
  return {
    exitStatus: EXIT_STATUS[code],
    document: {
      error: {
        code,
        message,
        ...(hint === '' ? {} : { hint }),
        ...(advice.length === 0 ? {} : { advice }),
        ...(status === undefined ? {} : { status }),
        ...(source === undefined ? {} : { source }),
      },
      ...data,
    },
  };
}

/** Ctrl-C at a prompt, or a signal meanwhile, is an interruption like any other. */
function promptClosed(error: unknown): VastaiError | undefined {
  if (!(error instanceof Error) || !['ExitPromptError', 'AbortPromptError'].includes(error.name))
    return undefined;
  return new VastaiError('interrupted', 'Interrupted; nothing was changed.');
}

/** What the system says of a file that a library underneath reads or writes is no fault of this program either. */
function fileFailed(error: unknown): VastaiError | undefined {
  const { code = '', syscall = '', path } = (error ?? {}) as NodeJS.ErrnoException;
  if (path === undefined || !isFileErrorCode(code)) return undefined;
  const { message } = explainFileError(READS.has(syscall) ? 'read' : 'write', path, error);
  const isDenied = code === 'EACCES' || code === 'EPERM';
  return new StorageError(
    message,
    isDenied ? `See who may change ${path}, and its folder.` : 'Correct that, then try again.',
    error,
  );
}

/** The calls of the system that only look; `open` writes as well. */
const READS: ReadonlySet<string> = new Set([
  'stat',
  'lstat',
  'scandir',
  'readlink',
  'read',
  'realpath',
  'access',
]);

/** Something that nobody foresaw: its text is shown, without the stack. */
function internalFailure(error: unknown): Failure {
  const text = error instanceof Error ? error.message : String(error);
  const hint = `This is a fault of vastai itself. Please report it at ${ISSUES}\nAdd what this prints: vastai version --verbose`;
  return {
    exitStatus: EXIT_STATUS.internal,
    document: { error: { code: 'internal', message: serverText(text), hint } },
  };
}
