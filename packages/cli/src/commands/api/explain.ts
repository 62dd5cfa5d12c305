import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { usageErrorOf } from '@vastai-cli/kit/command/parse-failure';
import { adviceForArguments, ourFlag } from './known-elsewhere.js';

/** Holds the fields of an error of oclif's parser that are read here. */
interface ParserError extends Error {
  readonly flags?: readonly string[];
  readonly args?: readonly string[];
  readonly parse?: { readonly output?: { readonly argv?: readonly string[] } };
}

/** Adds to a usage error how this command spells what people know from other programs. */
export async function explain(error: Error): Promise<Error> {
  const usage = usageErrorOf(error);
  if (usage === undefined) return error;
  const { flags, args, parse } = error as ParserError;
  const ours = flags?.[0] === undefined ? undefined : ourFlag(flags[0]);
  if (ours !== undefined)
    return new UsageError(usage.message, `Did you mean: ${ours}\nAdd --help to see what this command takes.`);
  const advice = args === undefined ? undefined : adviceForArguments(parse?.output?.argv ?? []);
  return advice === undefined ? usage : new UsageError(usage.message, advice);
}
