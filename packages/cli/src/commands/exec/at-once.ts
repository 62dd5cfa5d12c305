import { isInBroker, readEnvironment } from '@vastai-cli/core/internal/base/environment';
import { acquireKey } from '@vastai-cli/core/internal/context/acquire-key';
import { openContext } from '@vastai-cli/core/internal/context/open';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import type { Source, SourceName } from '@vastai-cli/core/internal/credentials/source';
import type { Result } from '@vastai-cli/kit/result';
import { type Access, accessOfRun } from '../../child/access.js';
import { environmentWith } from '../../child/environment.js';
import { maskedStreams } from '../../child/masking/masked-streams.js';
import { runProgram } from '../../child/run-program.js';
import { resultOf } from './program-end.js';

/** The sources that can be read twice, and without a wait, a question or a change. */
const QUIET: readonly SourceName[] = ['flag', 'env', 'file'];

/**
 * Runs `exec -- COMMAND` without the class of the command, which takes longer to load than all the rest.
 *
 * Does so only if there is nothing to print: no flags, no broker around this program, and a key without a problem in a variable
 * or a file. In every other case, the command starts from the beginning. The build leaves out of this file what an `import()`
 * would load, so that comes to the command too.
 *
 * @param words the program and its arguments
 * @param cliRoot the folder of the CLI
 * @returns `undefined` if the command has to run. Nothing has been started, printed or changed then.
 */
export async function execAtOnce(words: readonly string[], cliRoot: string): Promise<Result | undefined> {
  const [file, ...args] = words;
  if (file === undefined || isInBroker(readEnvironment(process.env))) return undefined;
  const access = await quietAccess(cliRoot);
  if (access === undefined) return undefined;
  const masked = { key: access.key, streams: maskedStreams('auto') };
  return resultOf(await runProgram({ file, args, env: environmentWith(access), masked }), file);
}

/**
 * Returns the key and the API of a run without flags, or `undefined` if there is something to ask, to say or to change.
 *
 * @param url the API, if it is not that of the settings
 */
export async function quietAccess(cliRoot: string, url?: string): Promise<Access | undefined> {
  const refuse = (text: string) => {
    throw new Error(text);
  };
  try {
    const context = await openContext({ cliRoot, url, notify: refuse, warn: refuse });
    const { key, notes, warnings } = await acquireKey({ ...context, sources: quietSources(context) });
    return notes.length + warnings.length > 0 ? undefined : await accessOfRun(context, key);
  } catch {
    return undefined;
  }
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
