import type { Environment } from '../../base/environment.js';
import { timeLimitOf } from '../../base/time-limit.js';
import { reachOfOthers } from '../../files/ownership.js';
import { readKeyBytes } from '../key-text.js';
import { type Lookup, unreadable } from '../lookup.js';
import { findProgram } from './program.js';
import { type RunLimits, runForOutput } from './run.js';

const LIMIT_S = 10;
/** Time limit if a person may have to unlock a secret manager. */
const INTERACTIVE_LIMIT_S = 60;
const FIX = 'Run the command yourself to see what is wrong, or pass the key in VAST_API_KEY.';
const ONE_LINE_FIX =
  'It must print only the key. Use a script that extracts it, or pass the key in VAST_API_KEY.';

/**
 * Reads a key from the program of a secret manager, like `credential_process` of AWS: it runs without a shell, and prints the
 * key as one line on standard output. In a terminal it can ask a person, through standard input and standard error.
 *
 * @param command the program and its arguments, from `config.json`
 * @param settingsFile path of `config.json`; if other users can change it, the program is not started
 * @throws UsageError if VASTAI_KEYCHAIN_TIMEOUT, the time limit, is not valid; the reason of an interruption.
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
  return unreadable(
    code,
    `${place} does not contain exactly one key: it has more than one line.`,
    ONE_LINE_FIX,
  );
}
