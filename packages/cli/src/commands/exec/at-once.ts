import type { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import { isInBroker, readEnvironment } from '@vastai-cli/core/internal/base/environment';
import { pathsOf } from '@vastai-cli/core/internal/config/paths';
import { acquireKey } from '@vastai-cli/core/internal/context/acquire-key';
import { openContext } from '@vastai-cli/core/internal/context/open';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import type { Source, SourceName } from '@vastai-cli/core/internal/credentials/source';
import { mayHaveKeysLeft } from '@vastai-cli/core/internal/operations/ephemeral/left-behind';
import { openTerminal } from '@vastai-cli/kit/render/terminal';
import type { Result } from '@vastai-cli/kit/result';
import { type Access, accessOfRun } from '../../child/access.js';
import { environmentWith } from '../../child/environment.js';
import { maskedStreams } from '../../child/masking/masked-streams.js';
import { runProgram } from '../../child/run-program.js';
import type { BrokerRun } from './broker-run.js';
import { resultOf } from './program-end.js';

/** The sources that can be read twice, and without a wait, a question or a change. */
const QUIET: readonly SourceName[] = ['flag', 'env', 'file'];

/**
 * Runs `exec [--broker] -- COMMAND` without the class of the command, which takes longer to load than all the rest.
 *
 * Does so only if there is nothing to print: no other flags, no broker around this program, a key without a problem in a variable
 * or a file, and no key to delete that an earlier run left. In every other case, the command starts from the beginning. The build leaves out of this file what an `import()`
 * would load, but for the broker, so that comes to the command too.
 *
 * @param words all that follows `exec`
 * @param cliRoot the folder of the CLI
 * @returns `undefined` if the command has to run. Nothing has been started, printed or changed then.
 */
export async function execAtOnce(words: readonly string[], cliRoot: string): Promise<Result | undefined> {
  const [file, ...args] = words.slice(words.indexOf('--') + 1);
  const environment = readEnvironment(process.env);
  if (file === undefined || isInBroker(environment)) return undefined;
  const found = await quietKey(cliRoot);
  if (found === undefined) return undefined;
  if (await mayHaveKeysLeft(pathsOf(environment), found.context.url.origin)) return undefined;
  const isBehindBroker = words[0] === '--broker';
  const broker = isBehindBroker ? await brokerFor(found) : undefined;
  if (isBehindBroker && broker === undefined) return undefined;
  const access = broker?.access ?? (await accessOfRun(found.context, found.key));
  const masked = { keys: [found.key], streams: maskedStreams('auto') };
  const asked = { file, args, env: environmentWith(access), masked };
  return resultOf(await runProgram(broker?.behind(asked) ?? asked).finally(() => broker?.close()), file);
}

/** A key that was found without asking, and what it was found with. */
interface Found {
  readonly context: Context;
  readonly key: ApiKey;
}

/** The flags of a broker that has none of its own. */
const NO_FLAGS = { broker: true, 'own-instances': false, 'allow-sensitive': false };

/** Starts a broker with the usual policy, or returns `undefined` if there is something to say. */
async function brokerFor(found: Found): Promise<BrokerRun | undefined> {
  try {
    const { startBrokerRun } = await import('./broker-run.js');
    return await startBrokerRun(NO_FLAGS, {
      context: found.context,
      keys: [found.key],
      policy: {},
      terminal: openTerminal(false),
    });
  } catch {
    return undefined;
  }
}

/**
 * Returns the key and the API of a run without flags, or `undefined` if there is something to ask, to say or to change.
 *
 * @param url the API, if it is not that of the settings
 */
export async function quietAccess(cliRoot: string, url?: string): Promise<Access | undefined> {
  const found = await quietKey(cliRoot, url);
  return found && accessOfRun(found.context, found.key);
}

/** One that was noted in the meantime is left to the next run. */
const NO_SESSION = { withSession: false };

async function quietKey(cliRoot: string, url?: string): Promise<Found | undefined> {
  const refuse = (text: string) => {
    throw new Error(text);
  };
  try {
    const context = await openContext({ cliRoot, url, notify: refuse, warn: refuse });
    const quiet = { ...context, sources: quietSources(context) };
    const { key, source, notes, warnings } = await acquireKey(quiet, NO_SESSION);
    // The session may have to be asked for, or removed.
    if (source.boundOrigin !== undefined && context.record?.tfa_session !== undefined) return undefined;
    return notes.length + warnings.length > 0 ? undefined : { context, key };
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
