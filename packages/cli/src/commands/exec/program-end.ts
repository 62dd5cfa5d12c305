import { UsageError, VastaiError } from '@vastai-cli/core/internal/base/errors';
import type { Result } from '@vastai-cli/kit/result';
import { type ProgramEnd, statusOf } from '../../child/run-program.js';

const NOT_EXECUTABLE = 126;
const NOT_FOUND = 127;

/** The errors of a program that did not start which are not about the program itself. */
const OF_SYSTEM = ['EAGAIN', 'ENOMEM', 'EMFILE', 'ENFILE'];

const NOTHING = { document: undefined, human: [] };

/** Returns the result of `exec` if a signal arrived before the program was started. */
export function endedBefore(signal: NodeJS.Signals, failure: VastaiError): Result {
  return { ...NOTHING, failure, exitStatus: statusOf(signal) };
}

/**
 * Returns the result of `exec`: nothing on standard output, and the exit status that a shell would have.
 *
 * @param file the program as it was typed, for the message if it did not start
 */
export function resultOf(end: ProgramEnd, file: string): Result {
  if (end.kind === 'not started') {
    if (OF_SYSTEM.includes(end.code))
      throw new VastaiError('internal', `The program could not be started (${end.code}).`);
    if (end.code === 'ENOENT') {
      const failure = new UsageError(
        `Cannot run ${JSON.stringify(file)}: no such program, or its interpreter is missing.`,
      );
      return { ...NOTHING, failure, exitStatus: NOT_FOUND };
    }
    const why = end.code === 'EACCES' ? 'permission denied' : end.code;
    const failure = new UsageError(`Cannot run ${JSON.stringify(file)}: ${why}.`);
    return { ...NOTHING, failure, exitStatus: NOT_EXECUTABLE };
  }
  if (end.lost === undefined) return { ...NOTHING, exitStatus: end.status };
  const failure = new VastaiError('internal', `Output of the program was lost. ${end.lost.message}`);
  return { ...NOTHING, failure, exitStatus: end.status === 0 ? 1 : end.status };
}
