import { UsageError, VastaiError } from '@vastai-cli/core/internal/base/errors';
import type { Result } from '@vastai-cli/kit/result';
import type { ProgramEnd } from '../../child/run-program.js';

const NOT_EXECUTABLE = 126;
const NOT_FOUND = 127;

/** The errors that say nothing about the program itself. */
const SYSTEM_ERRORS = ['EAGAIN', 'ENOMEM', 'EMFILE', 'ENFILE'];

/** Nothing is printed but what the program prints itself. */
const NO_OUTPUT = { document: undefined, human: [] };

/**
 * Returns the result of `exec`: nothing on standard output, and the exit status that a shell would have.
 *
 * @param file the program as it was typed, for the message if it did not start
 * @param unrecorded the reason if its calls were not all recorded
 * @throws VastaiError if the system could not start another program
 */
export function resultOf(end: ProgramEnd, file: string, unrecorded?: Error): Result {
  if (end.kind === 'not started') return notStarted(end.code, file);
  if (end.kind === 'interrupted')
    return {
      ...NO_OUTPUT,
      failure: new VastaiError('interrupted', 'Interrupted.'),
      exitStatus: end.status,
    };
  const lost = end.lost ?? unrecorded;
  if (lost === undefined) return { ...NO_OUTPUT, exitStatus: end.status };
  const what =
    end.lost === undefined ? 'Calls of the program were not recorded.' : 'Output of the program was lost.';
  const failure = new VastaiError('internal', `${what} ${lost.message}`);
  return { ...NO_OUTPUT, failure, exitStatus: end.status === 0 ? 1 : end.status };
}

function notStarted(code: string, file: string): Result {
  if (SYSTEM_ERRORS.includes(code))
    throw new VastaiError('internal', `The program could not be started (${code}).`);
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'no such program, or its interpreter is missing',
    EACCES: 'permission denied',
    ENOTDIR: 'a part of its path is not a folder',
    E2BIG: 'its arguments and variables are too long',
  };
  const failure = new UsageError(`Cannot run ${JSON.stringify(file)}: ${reasons[code] ?? code}.`);
  return { ...NO_OUTPUT, failure, exitStatus: code === 'ENOENT' ? NOT_FOUND : NOT_EXECUTABLE };
}
