import { isVastaiError, type VastaiError, withDetails } from '@vastai-cli/core/internal/base/errors';
import type { ChosenProfile } from '@vastai-cli/core/internal/config/profile';
import type { Context } from '@vastai-cli/core/internal/credentials/context';

/** Returns the profile and what chose it, if that is easy to forget: `profile "work", from VAST_PROFILE`. Otherwise empty. */
export function chosenElsewhere({ name, from }: ChosenProfile): string {
  return from === '--profile' || from === 'default' ? '' : `profile "${name}", from ${from}`;
}

/**
 * Adds the result of `chosenElsewhere` to a sentence: after the profile if the sentence names it, otherwise before the
 * final punctuation.
 */
export function withAside(sentence: string, aside: string): string {
  if (aside === '') return sentence;
  const [, profile = '', origin = ''] = /^(profile "[^"]*"), (from .*)$/su.exec(aside) ?? [];
  const at = sentence.toLowerCase().indexOf(profile.toLowerCase());
  if (profile !== '' && at !== -1) {
    const end = at + profile.length;
    return `${sentence.slice(0, end)} (${origin})${sentence.slice(end)}`;
  }
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
