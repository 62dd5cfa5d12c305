/**
 * Describes one thing that a person can do next, as data. The command line turns it into a sentence or a command, with the
 * flags for the profile and the API of the run.
 */
export type Advice = Step & {
  /**
   * Words in front of the command, such as `To use …a1b2 instead`. By default, each kind of step has its own; if empty, the
   * command is shown alone.
   */
  readonly purpose?: string;
};

type Step =
  /** Save a key: the one in the file `from`, or one that the command asks for. */
  | (OfProfile & {
      readonly do: 'save-key';
      readonly from?: string;
      /** True to remove the file that the key came from. */
      readonly consume?: boolean;
      readonly storage?: 'file';
      readonly url?: string;
    })
  /** Remove the profile's key from every place. */
  | (OfProfile & { readonly do: 'remove-key' })
  /** Remove the profile's key from every place, then save the key to keep. */
  | (OfProfile & { readonly do: 'start-over' })
  | (OfProfile & {
      readonly do: 'migrate';
      readonly to?: 'keychain' | 'file';
      readonly keepFile?: boolean;
      readonly force?: boolean;
    })
  | { readonly do: 'show-sources' | 'diagnose' | 'list-keys' | 'list-profiles' }
  /** List what belongs to a team, or the login sessions of the account. */
  | { readonly do: 'list-roles' | 'list-members' | 'list-sessions' }
  /** Create a key with the permissions in a file, even if their effect is unknown. */
  | {
      readonly do: 'create-key';
      readonly name: string;
      readonly file: string;
      readonly allowUnknown?: boolean;
    }
  | { readonly do: 'delete-key'; readonly id: number }
  /** Delete the keys whose noted date is over. */
  | { readonly do: 'prune-expired' }
  /** Run a program that can call only these operations. */
  | { readonly do: 'run-behind-broker'; readonly only: readonly string[] }
  /** Go on with a rotation, delete the old key that it keeps, or rotate and keep it. `id`: a key that no profile holds. */
  | (OfProfile & {
      readonly do: 'rotate-key';
      readonly how: 'resume' | 'finish' | 'keep';
      readonly id?: number;
    })
  /** Reset the key of the run, or that of a profile. */
  | (OfProfile & { readonly do: 'reset-key' })
  /** Log in with the second factor of the profile's account, or forget the session here. */
  | (OfProfile & { readonly do: 'tfa-login' | 'tfa-logout' })
  /** Do another step of two-factor login. */
  | {
      readonly do: 'tfa';
      readonly step:
        | 'status'
        | 'send-sms'
        | 'resend-sms'
        | 'send-email'
        | 'auth-new'
        | 'add totp'
        | 'regen-codes';
    }
  /** Pass the session of a saved key to a program, in place of a key that is not saved. */
  | (OfProfile & { readonly do: 'pass-session' })
  /** Unset a variable. */
  | { readonly do: 'unset'; readonly variable: string }
  | { readonly do: 'pass-key' | 'make-key' | 'unlock-keychain' | 'update' }
  /** Let only the owner change these files. */
  | { readonly do: 'restrict'; readonly paths: readonly string[] }
  /** Let only the owner read this file. */
  | { readonly do: 'make-private'; readonly path: string }
  | { readonly do: 'own'; readonly path: string; readonly deep?: boolean }
  | { readonly do: 'remove-file'; readonly path: string }
  /** Show a sentence, for what no command does. */
  | { readonly do: 'say'; readonly text: string };

interface OfProfile {
  /** Name of the profile, if it is not the profile of the run. */
  readonly profile?: string;
}

/** Advice as one or more full sentences, or as steps. */
export type Guidance = string | readonly Advice[];

/** Returns guidance as steps. An empty sentence gives no steps. */
export function adviceOf(guidance: Guidance | undefined): readonly Advice[] {
  if (typeof guidance !== 'string') return guidance ?? [];
  return guidance === '' ? [] : [{ do: 'say', text: guidance }];
}

/** Advises removing every key of the profile, then saving the one to keep. */
export const START_OVER: readonly Advice[] = [{ do: 'start-over' }];
