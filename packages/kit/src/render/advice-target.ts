import { readEnvironment } from '@vastai-cli/core/internal/base/environment';
import { holdsKey } from '@vastai-cli/core/internal/base/key-like';
import { isProfileName } from '@vastai-cli/core/internal/base/profile-name';
import { shellWord } from '@vastai-cli/core/internal/base/shell-word';
import type { ChosenProfile } from '@vastai-cli/core/internal/config/profile';
import { valuesOf } from '../command/given-flag.js';

/** Holds what suggested commands need flags for: the profile, the API and the key of this run. */
export interface AdviceTarget {
  /** The profile of this run, or `undefined` if the run failed before it chose one and no flag names one. */
  readonly profile: string | undefined;
  /** True if `--profile` chose it. */
  readonly byFlag: boolean;
  /** True if the key comes from a variable: a suggested `--profile` would replace it with a saved key. */
  readonly keyFromVariable: boolean;
  /** The value of `--url`. An address from a variable or the settings needs no flag in the next command. */
  readonly url: string | undefined;
}

/**
 * Returns the profile, API and key of this run, for suggested commands.
 *
 * @param argv the arguments as typed, which need not be parsable
 * @param profile the profile of this run, once it is known
 */
export function targetOf(argv: readonly string[], profile?: ChosenProfile): AdviceTarget {
  const named = valuesOf('--profile', argv).findLast((name) => isProfileName(name) && !holdsKey(name));
  const url = valuesOf('--url', argv).findLast(isAddress);
  const byFlag = profile?.byFlag ?? named !== undefined;
  return { profile: profile?.name ?? named, byFlag, keyFromVariable: !byFlag && isKeyInVariable(), url };
}

/** Returns the flag that a command needs to use a profile, such as ` --profile work`; empty if it needs none. */
export function profileFlag(target: AdviceTarget, about = target.profile): string {
  const isPlain = about === undefined || (about === 'default' && isDefault(target));
  return isPlain ? '' : ` --profile ${about}`;
}

/** Returns the flags that a command needs to use the key and the API of this run. */
export function keyFlags(target: AdviceTarget): string {
  return `${target.keyFromVariable ? '' : profileFlag(target)}${urlFlag(target)}`;
}

/** Returns the flags that a command needs to use the saved key of a profile; without one, the key of this run. */
export function savedKeyFlags(target: AdviceTarget, profile: string | undefined): string {
  if (profile === undefined) return keyFlags(target);
  // Only the flag counts more than a key in a variable.
  const flag = target.keyFromVariable ? ` --profile ${profile}` : profileFlag(target, profile);
  return `${flag}${urlFlag(target)}`;
}

/** Returns the flag that a command needs to use the API of this run, or another one. */
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

/** Returns true if the value of `--url` is safe to repeat. It may be a key, or contain a password. */
function isAddress(text: string): boolean {
  if (!URL.canParse(text) || holdsKey(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return /^https?:$/u.test(protocol) && `${username}${password}${search}${hash}` === '';
}
