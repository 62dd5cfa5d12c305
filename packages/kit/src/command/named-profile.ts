import { isVastaiError, type VastaiError, withDetails } from '@vastai-cli/core/internal/base/errors';
import type { ChosenProfile } from '@vastai-cli/core/internal/config/profile';
import type { Context } from '@vastai-cli/core/internal/credentials/context';

/** Says which profile is used and why, where something that is easily forgotten chose it: a file, a variable, the settings. */
export function chosenElsewhere({ name, from }: ChosenProfile): string {
  return from === '--profile' || from === 'default' ? '' : `profile "${name}", from ${from}`;
}

/** Puts an aside in parentheses before the mark that a sentence ends with. */
export function withAside(sentence: string, aside: string): string {
  if (aside === '') return sentence;
  const [, body = '', mark = ''] = /^(.*?)([.?]?)$/su.exec(sentence) ?? [];
  return `${body} (${aside})${mark}`;
}

/** Names the profile in an error that another profile would not have met. */
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
