/**
 * Names one thing that a person can do now, as data: this package says what, and the command line how it is typed, with
 * the flags that reach the profile and the API of the run.
 */
export type Advice = Step & {
  /**
   * Says what this step is for, before its command: `To use …a1b2 instead`. Without it, the step's own words do; where it
   * is empty, the command stands alone.
   */
  readonly purpose?: string;
};

type Step =
  /** Save a key: one that is asked for, or the one in the file `from`. */
  | (OfProfile & {
      readonly do: 'save-key';
      readonly from?: string;
      /** Removes the file that the key came from. */
      readonly consume?: boolean;
      readonly storage?: 'file';
      readonly url?: string;
    })
  /** Remove the profile's key from every place. */
  | (OfProfile & { readonly do: 'remove-key' })
  /** Remove it from every place, then save the one to keep. */
  | (OfProfile & { readonly do: 'start-over' })
  | (OfProfile & {
      readonly do: 'migrate';
      readonly to?: 'keychain' | 'file';
      readonly keepFile?: boolean;
      readonly force?: boolean;
    })
  | { readonly do: 'show-sources' | 'diagnose' | 'list-keys' | 'list-profiles' }
  /** The key of this variable is wrong, or in the way. */
  | { readonly do: 'unset'; readonly variable: string }
  | { readonly do: 'pass-key' | 'make-key' | 'unlock-keychain' | 'update' }
  /** Take the right to write from everybody but the owner. */
  | { readonly do: 'restrict'; readonly paths: readonly string[] }
  /** Let nobody but the owner read it. */
  | { readonly do: 'make-private'; readonly path: string }
  | { readonly do: 'own'; readonly path: string; readonly deep?: boolean }
  | { readonly do: 'remove-file'; readonly path: string }
  /** What no command does. */
  | { readonly do: 'say'; readonly text: string };

interface OfProfile {
  /** The profile it is about, where that is not the one of the run. */
  readonly profile?: string;
}

/** Says what to do: in one or more full sentences, or as steps. */
export type Guidance = string | readonly Advice[];

/** Gives guidance as steps; an empty sentence is none. */
export function adviceOf(guidance: Guidance | undefined): readonly Advice[] {
  if (typeof guidance !== 'string') return guidance ?? [];
  return guidance === '' ? [] : [{ do: 'say', text: guidance }];
}

/** Advises to remove every key of the profile and save the one to keep. */
export const START_OVER: readonly Advice[] = [{ do: 'start-over' }];
