import type { Environment } from '../../base/environment.js';
import { timeLimitOf } from '../../base/time-limit.js';
import { reachOfOthers } from '../../files/ownership.js';
import { readKeyBytes } from '../key-text.js';
import { type Lookup, unreadable } from '../lookup.js';
import { findProgram } from './program.js';
import { type RunLimits, runForOutput } from './run.js';

const LIMIT_S = 10;
/** A secret manager may have to be unlocked by a person, who needs a moment. */
const INTERACTIVE_LIMIT_S = 60;
const FIX = 'Run the command yourself to see what is wrong, or pass the key in VAST_API_KEY.';
const ONE_LINE_FIX =
  'It must print the key alone. Name a script that picks it out, or pass the key in VAST_API_KEY.';

/**
 * Takes a key from a secret manager's own program, as AWS does with `credential_process`: started without a
 * shell, one line on standard output. On a terminal it can ask the person: it gets standard input, and what it says on
 * standard error is shown. Nothing is written.
 *
 * @param command the program and its arguments, from `config.json`
 * @param settingsFile where that is; when others can change it the program is not started
 * @throws UsageError for a VASTAI_KEYCHAIN_TIMEOUT that is not a time: it is the limit here too; the reason of an
 *   interruption.
 */
export async function readFromCommand(
  command: readonly string[],
  { environment, ...limits }: Omit<RunLimits, 'seconds'> & { readonly environment: Environment },
  settingsFile: string,
): Promise<Lookup> {
  const reach = await reachOfOthers(settingsFile);
  if (reach !== undefined)
    return unreadable(
      'command_not_safe',
      `The key command of ${settingsFile} is not run: ${reach.reason}.`,
      reach.fix,
    );
  const [name = ''] = command;
  const seconds = timeLimitOf(environment, limits.interactive ? INTERACTIVE_LIMIT_S : LIMIT_S);
  const program = findProgram(command);
  const ended = 'failure' in program ? program : await runForOutput(program, name, { ...limits, seconds });
  if (ended.failure !== undefined)
    return unreadable(
      ended.code,
      `The key command "${name}" ${ended.failure}.`,
      ended.fix === undefined ? FIX : `${ended.fix} ${FIX}`,
    );
  return readOutput(ended.output, name);
}

function readOutput(output: Uint8Array, name: string): Lookup {
  const place = `The output of "${name}"`;
  const lookup = readKeyBytes(output, place, { origin: 'program' });
  if (lookup.state === 'absent')
    return unreadable('command_empty', `The key command "${name}" printed nothing.`, FIX);
  if (lookup.state === 'present') return lookup;
  const { code, message } = lookup.problem;
  if (!/\S[\t ]*[\r\n]+\s*\S/u.test(Buffer.from(output).toString('latin1')))
    return unreadable(code, message, FIX);
  return unreadable(code, `${place} does not hold one key: it has more than one line.`, ONE_LINE_FIX);
}
