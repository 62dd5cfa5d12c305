import type { ChosenProfile } from '@vastai-cli/core/config/profile';
import { isVastaiError, restate, type VastaiError } from '@vastai-cli/core/errors';
import type { Session } from '@vastai-cli/core/session';

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
export function nameProfile(error: Error, session: Session | undefined): Error {
  if (session === undefined || !isVastaiError(error) || !dependsOnProfile(error, session)) return error;
  const aside = chosenElsewhere(session.profile);
  return aside === '' ? error : restate(error, { message: withAside(error.message, aside) });
}

function dependsOnProfile({ code, source }: VastaiError, session: Session): boolean {
  if (code === 'no_key' || code === 'storage') return true;
  if (code === 'unreachable') {
    const { record, environment, url } = session;
    return (
      environment.VAST_URL === undefined &&
      record?.url !== undefined &&
      new URL(record.url).origin === url.origin
    );
  }
  return session.sources.some(
    ({ savedFor, location }) => savedFor !== undefined && source?.startsWith(`${location} `),
  );
}
