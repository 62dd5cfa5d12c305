import { type Advice, adviceOf, type Guidance } from '@vastai-cli/core/internal/base/advice';
import { readEnvironment } from '@vastai-cli/core/internal/base/environment';
import { shellWord } from '@vastai-cli/core/internal/base/shell-word';
import { type AdviceTarget, keyFlags, profileFlag, savedKeyFlags, urlFlag } from './advice-target.js';

/** A step of advice as `--json` prints it: its data, and the command that does it, if one does. */
export type AdviceDocument = Exclude<Advice, { do: 'say' }> & { readonly command?: string };

/** Returns guidance as text with one line per step, including the commands to run. */
export function adviceText(guidance: Guidance | undefined, target: AdviceTarget): string {
  return adviceOf(guidance)
    .map((advice) => lineFor(advice, target))
    .join('\n');
}

/** Returns guidance as data for a script, without the steps that are only sentences. */
export function adviceDocuments(guidance: Guidance | undefined, target: AdviceTarget): AdviceDocument[] {
  return adviceOf(guidance).flatMap((advice) => {
    if (advice.do === 'say') return [];
    const command = commandFor(advice, target);
    return [{ ...advice, ...(command === undefined ? {} : { command }) }];
  });
}

function lineFor(advice: Advice, target: AdviceTarget): string {
  if (advice.do === 'say') return advice.text;
  const words = advice.purpose ?? wordsFor(advice);
  const command = commandFor(advice, target);
  if (command !== undefined) return words === '' ? command : `${words}: ${command}`;
  return /[.!?]$|https:\S+$/u.test(words) ? words : `${words}.`;
}

function wordsFor(advice: Exclude<Advice, { do: 'say' }>): string {
  switch (advice.do) {
    case 'save-key':
      return advice.storage === 'file' ? 'Keep the key in a file' : 'Save a key';
    case 'remove-key':
      return 'Remove the key';
    case 'start-over':
      return 'Remove every copy of the key, then save it again';
    case 'migrate':
      return 'Move the key';
    case 'show-sources':
      return 'See where the keys are';
    case 'diagnose':
      return 'Find the cause';
    case 'list-keys':
      return 'List the keys of the account';
    case 'list-profiles':
      return 'List the profiles';
    case 'list-roles':
      return 'List the roles of the team';
    case 'list-members':
      return 'List the members of the team';
    case 'list-sessions':
      return 'List the login sessions';
    case 'create-key':
      return 'Create the key';
    case 'delete-key':
      return 'Delete the key';
    case 'prune-expired':
      return 'Delete them';
    case 'run-behind-broker':
      return 'To allow a program only these operations (with --permission_file, also only what the document allows)';
    case 'rotate-key':
      return { resume: 'Continue', finish: 'Delete the old key', keep: 'Keep the old key' }[advice.how];
    case 'reset-key':
      return 'Replace it';
    case 'tfa-login':
      return 'Log in with a second factor';
    case 'tfa-logout':
      return 'Forget the session';
    case 'tfa':
      return TFA_STEPS[advice.step];
    case 'pass-session':
      return 'Pass the session';
    case 'unset':
      return `Fix ${advice.variable}, or unset it`;
    case 'pass-key':
      return 'Or pass the key in VAST_API_KEY';
    case 'make-key':
      return 'Create a key at https://cloud.vast.ai/manage-keys/';
    case 'unlock-keychain':
      return 'Unlock the keychain, for example by logging in to the desktop';
    case 'restrict':
      return 'Make it writable only by you';
    case 'make-private':
      return 'Make it readable only by you';
    case 'own':
      return 'Make yourself the owner';
    case 'remove-file':
      return 'Remove the file';
    case 'update':
      return 'Update vastai';
  }
}

/** Returns the shell command for a step, or `undefined` if no command does it. */
function commandFor(advice: Advice, target: AdviceTarget): string | undefined {
  const profile = 'profile' in advice ? profileFlag(target, advice.profile) : profileFlag(target);
  switch (advice.do) {
    case 'save-key':
      return saveCommand(advice, target, profile);
    case 'remove-key':
      return `vastai unset api-key${profile}`;
    case 'start-over':
      return `vastai unset api-key --yes${profile} && vastai set api-key${profile}${urlFlag(target)}`;
    case 'migrate': {
      const to = advice.to === undefined ? '' : ` --to ${advice.to}`;
      const flags = `${to}${advice.keepFile ? ' --keep-file' : ''}${advice.force ? ' --force' : ''}`;
      return `vastai config migrate${flags}${profile}`;
    }
    case 'show-sources':
      return `vastai auth status${keyFlags(target)}`;
    case 'diagnose':
      return `vastai doctor${keyFlags(target)}`;
    case 'list-keys':
      return `vastai show api-keys${keyFlags(target)}`;
    case 'list-profiles':
      return 'vastai profile list';
    case 'list-roles':
      return `vastai show team-roles${keyFlags(target)}`;
    case 'list-members':
      return `vastai show members${keyFlags(target)}`;
    case 'list-sessions':
      return `vastai show sessions${keyFlags(target)}`;
    case 'create-key': {
      const { name, file, allowUnknown } = advice;
      const path = file.startsWith('-') ? `./${file}` : file;
      // A name that begins with a hyphen would be read as a flag.
      const given = `--name${name.startsWith('-') ? '=' : ' '}${shellWord(name)}`;
      const anyway = allowUnknown ? ' --allow-unknown' : '';
      return `vastai create api-key ${given} --permission_file ${shellWord(path)}${anyway}${keyFlags(target)}`;
    }
    case 'delete-key':
      return `vastai delete api-key ${advice.id}${keyFlags(target)}`;
    case 'prune-expired':
      return `vastai prune api-keys --expired${keyFlags(target)}`;
    case 'run-behind-broker':
      return `vastai exec --broker${keyFlags(target)} --only ${advice.only.join(' ')} -- COMMAND`;
    case 'rotate-key': {
      const id = advice.id === undefined ? '' : ` ${advice.id}`;
      return `vastai rotate api-key${id} --${advice.how === 'keep' ? 'grace 7d' : advice.how}${savedKeyFlags(target, advice.profile)}`;
    }
    case 'reset-key':
      return `vastai reset api-key${savedKeyFlags(target, advice.profile)}`;
    case 'tfa-login':
      return `vastai tfa login${ofSavedKey(target, profile)}${urlFlag(target)}`;
    case 'tfa-logout':
      return `vastai tfa logout${ofSavedKey(target, profile)}`;
    case 'tfa':
      return `vastai tfa ${advice.step}${keyFlags(target)}`;
    case 'pass-session':
      return `VAST_API_KEY=$(vastai auth token${ofSavedKey(target, profile)}${urlFlag(target)})`;
    case 'unset':
      return unsetCommand(advice.variable);
    case 'restrict':
      return `chmod go-w ${advice.paths.map(shellWord).join(' ')}`;
    case 'make-private':
      return `chmod 600 ${shellWord(advice.path)}`;
    case 'own':
      return `sudo chown ${advice.deep ? '-R ' : ''}"$(id -un)" ${shellWord(advice.path)}`;
    case 'remove-file':
      return removal(advice.path);
    case 'update':
      return 'npm install -g vastai-cli@latest';
    default:
      return undefined;
  }
}

/** Says what each step of two-factor login is for. */
const TFA_STEPS: Readonly<Record<Extract<Advice, { do: 'tfa' }>['step'], string>> = {
  status: 'See the methods of the account',
  'send-sms': 'Request a code by SMS',
  'resend-sms': 'Send it again',
  'send-email': 'Request a code by email',
  'auth-new': 'Authorize a new method',
  'add totp': 'Add a method',
  'regen-codes': 'Create backup codes',
};

/** Names the profile where a key in a variable would otherwise go before its saved key. */
function ofSavedKey(target: AdviceTarget, profile: string): string {
  return profile === '' && target.keyFromVariable ? ' --profile default' : profile;
}

function saveCommand(
  { from, consume, storage, url }: Extract<Advice, { do: 'save-key' }>,
  target: AdviceTarget,
  profile: string,
): string {
  const dash = from === undefined || consume ? '' : ' -';
  const flags = `${storage === undefined ? '' : ` --storage ${storage}`}${profile}${urlFlag(target, url)}`;
  const file = from === undefined ? '' : ` < ${shellWord(from)}`;
  const after = from === undefined || !consume ? '' : ` && ${removal(from)}`;
  return `vastai set api-key${dash}${flags}${file}${after}`;
}

function removal(path: string): string {
  return `${process.platform === 'win32' ? 'del' : 'rm'} ${shellWord(path)}`;
}

function unsetCommand(variable: string): string {
  if (process.platform === 'win32') return `Remove-Item Env:${variable}`;
  return readEnvironment(process.env).SHELL?.endsWith('/fish') ? `set -e ${variable}` : `unset ${variable}`;
}

/** A finding with its fix as text for a person and as data for a script. */
export type Rendered<T> = Omit<T, 'fix'> & {
  readonly fix?: string;
  readonly advice?: readonly AdviceDocument[];
};

/** Returns a finding with its fix as text, and the steps of the fix as data. */
export function rendered<T extends { readonly fix?: Guidance }>(found: T, target: AdviceTarget): Rendered<T> {
  const { fix, ...rest } = found;
  if (fix === undefined) return rest;
  const advice = adviceDocuments(fix, target);
  return { ...rest, fix: adviceText(fix, target), ...(advice.length === 0 ? {} : { advice }) };
}
