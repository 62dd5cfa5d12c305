import { VastaiError } from '@vastai-cli/core/internal/base/errors';
import { acquireKey } from '@vastai-cli/core/internal/context/acquire-key';
import { openContext } from '@vastai-cli/core/internal/context/open';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import type { Source, SourceName } from '@vastai-cli/core/internal/credentials/source';
import type { Result } from '@vastai-cli/kit/result';
import { environmentWith } from '../../child/environment.js';
import { maskedStreams } from '../../child/masking/masked-streams.js';
import { type ProgramToRun, runProgram } from '../../child/run-program.js';
import { endedBefore, resultOf } from './program-end.js';

/** The places of a key that can be read twice, and without a wait, a question or a change. */
const QUIET: readonly SourceName[] = ['flag', 'env', 'file'];

/**
 * Runs `exec -- COMMAND` without the class of the command: to load that takes longer than all the rest.
 *
 * It does only what prints nothing: without flags, with a key in a variable or a file that nothing is wrong with. In every
 * other case the command starts anew, and says what there is to say.
 *
 * @param words the program and its arguments
 * @param cliRoot the folder of the CLI
 * @returns `undefined` if the command has to run. Nothing has been started, printed or changed then.
 */
export async function execAtOnce(words: readonly string[], cliRoot: string): Promise<Result | undefined> {
  const program = await prepare(words, cliRoot).catch(() => undefined);
  if (program === undefined) return undefined;
  let arrived: NodeJS.Signals | undefined;
  const handOver = (signal: NodeJS.Signals | undefined) => {
    arrived = signal;
    if (signal !== undefined) throw new VastaiError('interrupted', 'Interrupted.');
  };
  try {
    return resultOf(await runProgram({ ...program, handOver }), program.file);
  } catch (error) {
    if (arrived === undefined) throw error;
    return endedBefore(arrived, error as VastaiError);
  }
}

/** @throws an error if there is something to say */
async function prepare(
  [file, ...args]: readonly string[],
  cliRoot: string,
): Promise<Omit<ProgramToRun, 'handOver'> | undefined> {
  if (file === undefined) return undefined;
  const refuse = (text: string) => {
    throw new Error(text);
  };
  const context = await openContext({ cliRoot, notify: refuse, warn: refuse });
  const { key, notes, warnings } = await acquireKey({ ...context, sources: quietSources(context) });
  if (notes.length + warnings.length > 0) return undefined;
  const env = environmentWith({ key, url: context.url });
  return { file, args, env, masked: { key, streams: maskedStreams('auto') } };
}

/** Returns the first sources, up to the one that has to be asked. */
function quietSources({ sources, environment }: Context): readonly Source[] {
  const isQuiet = ({ name, searched }: Source) =>
    QUIET.includes(name) ||
    !searched ||
    // What it names may be a pipe, which gives its key once.
    (name === 'env_file' && environment.VAST_API_KEY_FILE === undefined);
  const end = sources.findIndex((source) => !isQuiet(source));
  return end === -1 ? sources : sources.slice(0, end);
}
