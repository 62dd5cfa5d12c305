import {
  isVastaiError,
  UsageError,
  type VastaiError,
  withDetails,
} from '@vastai-cli/core/internal/base/errors';
import { usageErrorOf } from '@vastai-cli/kit/command/parse-failure';
import { adviceForArguments, ourFlag } from './known-elsewhere.js';

/** Holds the fields of an error of oclif's parser that are read here. */
interface ParserError extends Error {
  readonly flags?: readonly string[];
  readonly args?: readonly string[];
  readonly parse?: { readonly output?: { readonly argv?: readonly string[] } };
}

/** Adds to an error how this command spells what was meant: a route, or what people know from other programs. */
export async function explain(error: Error): Promise<Error> {
  if (isVastaiError(error)) return withRoute(error);
  const usage = usageErrorOf(error);
  return usage === undefined ? error : withSpelling(usage, error);
}

function withSpelling(usage: UsageError, { flags, args, parse }: ParserError): UsageError {
  const ours = flags?.[0] === undefined ? undefined : ourFlag(flags[0]);
  if (ours !== undefined)
    return new UsageError(usage.message, `Did you mean: ${ours}\nAdd --help to see what this command takes.`);
  const advice = args === undefined ? undefined : adviceForArguments(parse?.output?.argv ?? []);
  return advice === undefined ? usage : new UsageError(usage.message, advice);
}

async function withRoute(error: VastaiError): Promise<VastaiError> {
  const { code, status, request } = error;
  if (request === undefined || !(code === 'not_found' || status === 405)) return error;
  const { adviceForRoute } = await import('./catalogue.js');
  const hint = adviceForRoute(request.method, request.path);
  return hint === undefined ? error : withDetails(error, { hint });
}
