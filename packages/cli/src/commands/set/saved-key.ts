import type { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import { DEFAULT_URL } from '@vastai-cli/core/internal/base/origin';
import { serverText } from '@vastai-cli/core/internal/base/terminal-safe';
import type { ChosenStore } from '@vastai-cli/core/internal/credentials/choose-store';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import type { SavedKey } from '@vastai-cli/core/internal/credentials/save';
import { NO_BUS } from '@vastai-cli/core/internal/secrets/keychain/errors';
import { adviceText } from '@vastai-cli/kit/render/advice';
import type { AdviceTarget } from '@vastai-cli/kit/render/advice-target';
import { placeOf } from '@vastai-cli/kit/render/place';
import { note, type Remark, type Result, sentence, warning } from '@vastai-cli/kit/result';
import { givenKey } from '../../keys/given-key.js';
import { officialReaders } from '../../keys/official-readers.js';
import type { Verification } from '../../keys/verify-key.js';

interface Saved {
  readonly context: Context;
  readonly chosen: ChosenStore;
  readonly key: ApiKey;
  readonly saved: SavedKey;
  readonly verification: Verification;
  /** The folder of the CLI, to tell it from the official one. */
  readonly ownRoot: string;
  readonly target: AdviceTarget;
}

/** Returns the result of saving a key: its place, its account, and what overrides it. */
export function savedKey(all: Saved): Result {
  const { context, key, saved, verification } = all;
  const { profile, url } = context;
  const text = `Saved the key ${key}${owner(verification)} in ${placeOf(saved.location)} (profile "${profile.name}").`;
  return {
    document: {
      profile: profile.name,
      url: url.origin,
      storage: saved.storage,
      location: saved.location,
      suffix: key.suffix,
      verified: verification.state,
      ...(saved.replaced.length === 0 ? {} : { replaced: saved.replaced }),
    },
    human: [sentence(text)],
    remarks: [...ofTheKey(all), ...ofOlderCopies(all), ...overruling(context)],
  };
}

function ofTheKey({ context: { profile, url }, chosen, verification, target }: Saved): Remark[] {
  const remarks: Remark[] = [];
  if (url.origin !== DEFAULT_URL)
    remarks.push(note(`It is sent only to ${url.origin}, which profile "${profile.name}" now uses.`));
  if (chosen.fellBackBecause !== undefined) remarks.push(note(whyInFile(chosen.fellBackBecause)));
  if (verification.state === 'verified' && verification.note !== undefined) {
    const login = { do: 'tfa-login', purpose: `${verification.note} Log in` } as const;
    remarks.push(note(verification.needsSession ? adviceText([login], target) : verification.note));
  }
  if (verification.state === 'unverifiable') {
    remarks.push(warning(`The key was saved, but could not be checked: ${verification.error.message}`));
  }
  return remarks;
}

function ofOlderCopies({ context, saved, ownRoot, target }: Saved): Remark[] {
  const { profile, stores } = context;
  const replacedIn = new Set(saved.replaced.map(({ location }) => location));
  const otherTools =
    'Tools that read that file no longer find a key there. If you need them, save the key with --storage file.';
  const left = saved.storage === 'keychain' ? saved.removed : [];
  const official = officialReaders(context, left, ownRoot, target);
  const isMoved = left.includes(stores.file.locate(profile.name)) && official.length === 0;
  return [
    ...saved.replaced.map(({ location, suffix }) => ({
      ...note(`It replaced the key …${suffix} in ${placeOf(location)}`),
      forPeople: true,
    })),
    ...saved.removed
      .filter((place) => !replacedIn.has(place))
      .map((place) => note(`Removed the older copy in ${placeOf(place)}`)),
    ...(isMoved ? [note(otherTools)] : official),
    ...saved.left.map((reason) => warning(`An older copy of the key could not be removed. ${reason}`)),
  ];
}

function overruling({ environment, profile }: Context): Remark[] {
  const given = givenKey(environment);
  if (given === undefined) return [];
  const unless = profile.byFlag ? `, unless --profile ${profile.name} is given` : '';
  const text = `${given} is set, so its key is sent instead of the saved one${unless}. Unset it to use the saved key.`;
  return [warning(text)];
}

function owner(verification: Verification): string {
  if (verification.state !== 'verified' || verification.user?.email === undefined) return '';
  return ` of ${serverText(verification.user.email)}`;
}

function whyInFile(reason: string): string {
  return reason === NO_BUS
    ? 'No keychain on this machine (no D-Bus session), so the key is in a file.'
    : `The key is in a file. ${reason}`;
}
