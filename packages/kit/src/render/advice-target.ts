import { readEnvironment } from '@vastai-cli/core/internal/base/environment';
import { holdsKey } from '@vastai-cli/core/internal/base/key-like';
import { isProfileName } from '@vastai-cli/core/internal/base/profile-name';
import { shellWord } from '@vastai-cli/core/internal/base/shell-word';
import type { ChosenProfile } from '@vastai-cli/core/internal/config/profile';
import { valuesOf } from '../command/given-flag.js';

/** What a suggested command has to carry to reach the profile and the API of this run. */
export interface AdviceTarget {
  /** The profile of this run; unknown where it failed before one was chosen, and no flag named one. */
  readonly profile: string | undefined;
  readonly byFlag: boolean;
  /** A variable holds the key of this run, which `--profile` would replace with a saved one. */
  readonly keyFromVariable: boolean;
  /** The value of `--url`. What a variable or the settings say holds for the next command too. */
  readonly url: string | undefined;
}

/**
 * Returns what this run works with.
 *
 * @param argv what was typed: it may not be parsed yet, or not be parsable
 * @param profile the profile that was chosen, once it is known
 */
export function targetOf(argv: readonly string[], profile?: ChosenProfile): AdviceTarget {
  const named = valuesOf('--profile', argv).findLast((name) => isProfileName(name) && !holdsKey(name));
  const url = valuesOf('--url', argv).findLast(isAddress);
  const byFlag = profile?.byFlag ?? named !== undefined;
  return { profile: profile?.name ?? named, byFlag, keyFromVariable: !byFlag && isKeyInVariable(), url };
}

/** Returns the flags that a command needs to reach a profile, as ` --profile work`: none where it is used without. */
export function profileFlag(target: AdviceTarget, about = target.profile): string {
  const isPlain = about === undefined || (about === 'default' && isDefault(target));
  return isPlain ? '' : ` --profile ${about}`;
}

/** Returns the flags that a command needs to reach the API of this run, with the key of this run. */
export function keyFlags(target: AdviceTarget): string {
  return `${target.keyFromVariable ? '' : profileFlag(target)}${urlFlag(target)}`;
}

/** Returns the flag that a command needs to reach the API of the run, or another one. */
export function urlFlag({ url }: AdviceTarget, other = url): string {
  return other === undefined ? '' : ` --url ${shellWord(other)}`;
}

function isDefault({ profile = 'default', byFlag }: AdviceTarget): boolean {
  return profile === 'default' && !byFlag;
}

function isKeyInVariable(): boolean {
  const { VAST_API_KEY: key, VAST_API_KEY_FILE: file } = readEnvironment(process.env);
  return (key ?? file) !== undefined;
}

/** Nothing else is repeated: what stands there may be a key, or hold a password. */
function isAddress(text: string): boolean {
  if (!URL.canParse(text) || holdsKey(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return /^https?:$/u.test(protocol) && `${username}${password}${search}${hash}` === '';
}
