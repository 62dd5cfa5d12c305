import { readEnvironment } from '@vastai-cli/core/internal/base/environment';
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

/** The page for bug reports, as in `bugs` of every package.json. */
const ISSUES = 'https://github.com/vastai-cli/vastai-cli/issues';

/** Holds the exit status of a failed command and the document that it prints. */
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
    /** The steps of the hint as data, each with its command. */
    readonly advice?: readonly AdviceDocument[];
    readonly status?: number;
    readonly source?: string;
  };
  readonly [more: string]: unknown;
}

/**
 * Returns the exit status and the document for anything that was thrown. Masks keys in messages and advice.
 *
 * @param target the flags that suggested commands need
 */
export function failureOf(error: unknown, target = targetOf(process.argv.slice(2))): Failure {
  const { exitStatus, document } = describe(error, target);
  const { message, hint, advice } = document.error;
  const known = [readEnvironment(process.env).VAST_API_KEY ?? '', ...valuesOf('--api-key', process.argv)];
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
  // oclif's parser wraps the message of an error that a flag threw.
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

/** Returns an interruption for the error that a prompt throws after Ctrl-C or another signal. */
function promptClosed(error: unknown): VastaiError | undefined {
  if (!(error instanceof Error) || !['ExitPromptError', 'AbortPromptError'].includes(error.name))
    return undefined;
  return new VastaiError('interrupted', 'Interrupted. Nothing was changed.');
}

/** Returns a storage error for a system error about a file that a library read or wrote. */
function fileFailed(error: unknown): VastaiError | undefined {
  const { code = '', syscall = '', path } = (error ?? {}) as NodeJS.ErrnoException;
  if (path === undefined || !isFileErrorCode(code)) return undefined;
  const { message } = explainFileError(READS.has(syscall) ? 'read' : 'write', path, error);
  const isDenied = code === 'EACCES' || code === 'EPERM';
  return new StorageError(
    message,
    isDenied ? `Check the permissions of ${path} and of its folder.` : 'Fix this, then try again.',
    error,
  );
}

/** The system calls that only read. `open` is not one: it writes as well. */
const READS: ReadonlySet<string> = new Set([
  'stat',
  'lstat',
  'scandir',
  'readlink',
  'read',
  'realpath',
  'access',
]);

/** Returns the failure for an unexpected error: its message without the stack, and where to report it. */
function internalFailure(error: unknown): Failure {
  const text = error instanceof Error ? error.message : String(error);
  const hint = `This is a bug in vastai. Please report it: ${ISSUES}\nInclude the output of: vastai version --verbose`;
  return {
    exitStatus: EXIT_STATUS.internal,
    document: { error: { code: 'internal', message: serverText(text), hint } },
  };
}
