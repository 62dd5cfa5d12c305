import type { Result } from '@vastai-cli/kit/result';
import { environmentAsItWas, environmentWith } from '../../child/environment.js';
import { runProgram } from '../../child/run-program.js';
import { findOfficialCli } from '../../official/find-cli.js';
import { marked, refuseLoop, refuseRepetition } from '../../official/loop.js';
import { quietAccess } from '../exec/at-once.js';
import { resultOf } from '../exec/program-end.js';
import { keyChange, needsKey, refuseBehindBroker, throughBroker, urlFor } from './arguments.js';

/**
 * Hands a command over without the class of `official`, in the usual case, which prints nothing; see `execAtOnce`.
 *
 * @param words the command and its arguments
 * @param cliRoot the folder of the CLI
 * @returns `undefined` if the class has to. Nothing has been started, printed or changed then.
 */
export async function officialAtOnce(words: readonly string[], cliRoot: string): Promise<Result | undefined> {
  const program = await prepare(words, cliRoot).catch(() => undefined);
  return program && resultOf(await runProgram(program), program.file);
}

/** @throws an error that the class meets again, and reports */
async function prepare(words: readonly string[], cliRoot: string) {
  refuseLoop();
  refuseBehindBroker(words, {});
  if (keyChange(words) !== undefined) return undefined;
  const file = findOfficialCli(cliRoot, words);
  refuseRepetition(words, file, cliRoot);
  const started = (env: NodeJS.ProcessEnv) =>
    throughBroker(words, { file, args: words, env: marked(env, file) });
  if (!needsKey(words)) return started(environmentAsItWas());
  const access = await quietAccess(cliRoot, urlFor(words, undefined));
  return access && started(environmentWith(access));
}
