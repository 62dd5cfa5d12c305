import { isVastaiError, type VastaiError, withDetails } from '@vastai-cli/core/internal/base/errors';
import type { ChosenProfile } from '@vastai-cli/core/internal/config/profile';
import type { Context } from '@vastai-cli/core/internal/credentials/context';

/** Names the profile and what chose it, if that is easy to forget: a file, a variable or the settings. */
export function chosenElsewhere({ name, from }: ChosenProfile): string {
  return from === '--profile' || from === 'default' ? '' : `profile "${name}", from ${from}`;
}

/** Inserts an aside in parentheses before the final punctuation of a sentence. */
export function withAside(sentence: string, aside: string): string {
  if (aside === '') return sentence;
  const [, body = '', mark = ''] = /^(.*?)([.?]?)$/su.exec(sentence) ?? [];
  return `${body} (${aside})${mark}`;
}

/** Adds the profile to the message of an error that depends on it. */
export function nameProfile(error: Error, context: Context | undefined): Error {
  if (context === undefined || !isVastaiError(error) || !dependsOnProfile(error, context)) return error;
  const aside = chosenElsewhere(context.profile);
  return aside === '' ? error : withDetails(error, { message: withAside(error.message, aside) });
}

function dependsOnProfile({ code, source }: VastaiError, context: Context): boolean {
  if (code === 'no_key' || code === 'storage') return true;
  if (code === 'unreachable') {
    const { record, environment, url } = context;
    return (
      environment.VAST_URL === undefined &&
      record?.url !== undefined &&
      new URL(record.url).origin === url.origin
    );
  }
  return context.sources.some(
    ({ boundOrigin, location }) => boundOrigin !== undefined && source?.startsWith(`${location} `),
  );
}
