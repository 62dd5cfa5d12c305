import type { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import { DEFAULT_URL } from '@vastai-cli/core/internal/base/origin';
import { serverText } from '@vastai-cli/core/internal/base/terminal-safe';
import type { ChosenStore } from '@vastai-cli/core/internal/credentials/choose-store';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import type { SavedKey } from '@vastai-cli/core/internal/credentials/save';
import type { Output } from '@vastai-cli/kit/render/output';
import { givenKey } from './given-key.js';
import type { Verification } from './verify-key.js';

interface Saved {
  readonly context: Context;
  readonly chosen: ChosenStore;
  readonly key: ApiKey;
  readonly saved: SavedKey;
  readonly verification: Verification;
}

/** Says where a key went, what is known of it, and what stands in its way. */
export function reportSavedKey({ context, chosen, key, saved, verification }: Saved, output: Output): void {
  const { profile, url, environment } = context;
  if (output.format === 'human') {
    output.sentence(
      `Saved the key ${key} for profile "${profile.name}" in ${saved.location}${owner(verification)}`,
    );
  } else {
    output.json({
      profile: profile.name,
      url: url.origin,
      storage: saved.storage,
      location: saved.location,
      suffix: key.suffix,
      verified: verification.state,
      ...(saved.replaced.length === 0 ? {} : { replaced: saved.replaced }),
    });
  }
  if (url.origin !== DEFAULT_URL)
    output.note(`It is sent to ${url.origin} only, which profile "${profile.name}" now talks to.`);
  if (chosen.fellBackBecause !== undefined) output.note(`Kept in a file: ${chosen.fellBackBecause}`);
  if (verification.state === 'verified' && verification.note !== undefined) output.note(verification.note);
  if (verification.state === 'unverifiable') {
    output.warn(`The key was saved, but could not be checked: ${verification.error.message}`);
  }
  if (output.format === 'human')
    for (const { location, suffix } of saved.replaced) output.note(`It replaced …${suffix} in ${location}`);
  const replacedIn = new Set(saved.replaced.map(({ location }) => location));
  for (const place of saved.removed)
    if (!replacedIn.has(place)) output.note(`Removed the older copy in ${place}`);
  if (saved.storage === 'keychain' && saved.removed.includes(context.stores.file.locate(profile.name))) {
    output.note('Tools that read that file find no key there now; for them, save it with --storage file.');
  }
  for (const reason of saved.left) output.warn(`An older copy of the key could not be removed. ${reason}`);
  const other = givenKey(environment);
  if (other !== undefined) {
    const unless = profile.byFlag ? `, unless --profile ${profile.name} is given` : '';
    output.warn(
      `${other} is set, and its key is sent instead of the one that was just saved${unless}. Unset it to use the saved key.`,
    );
  }
}

function owner(verification: Verification): string {
  if (verification.state !== 'verified' || verification.user?.email === undefined) return '';
  return ` (${serverText(verification.user.email)})`;
}
