import { isProfileName } from '@vastai-cli/core/internal/base/profile-name';
import { plain } from './fast-path/read-words.js';

/**
 * Lists words that people know from other command lines, and the command that does what they ask for. They are too far
 * from its name for a search by spelling. No command of the official CLI is among them.
 */
const OTHER_WORDS: Readonly<Record<string, string>> = {
  'api-keys list': 'vastai show api-keys',
  'auth list': 'vastai auth status',
  'auth login': 'vastai set api-key',
  'auth logout': 'vastai unset api-key',
  'auth switch': 'vastai profile use NAME',
  'auth whoami': 'vastai show user',
  completion: 'vastai autocomplete',
  'config get': 'vastai doctor',
  'config list': 'vastai doctor',
  'config set': 'vastai set api-key',
  'config show': 'vastai doctor',
  curl: 'vastai api PATH',
  'keys list': 'vastai show api-keys',
  'list api-keys': 'vastai show api-keys',
  login: 'vastai set api-key',
  logout: 'vastai unset api-key',
  'plugins list': 'vastai plugins',
  'profile add': 'vastai set api-key --profile NAME',
  'profile create': 'vastai set api-key --profile NAME',
  'profile delete': 'vastai profile remove NAME',
  'profile new': 'vastai set api-key --profile NAME',
  'profile show': 'vastai profile list',
  'profile switch': 'vastai profile use NAME',
  profiles: 'vastai profile list',
  request: 'vastai api PATH',
  shell: 'vastai exec',
  status: 'vastai auth status',
  upgrade: 'npm install -g vastai-cli',
  whoami: 'vastai show user',
};

/** Holds words that are known from elsewhere, as they were typed, and the command for them. */
interface OtherWords {
  readonly typed: string;
  readonly command: string;
}

/**
 * Returns the command for words known from elsewhere, or `undefined`. The words behind them are arguments, one of which may be
 * a key: only the name of a profile is taken from them, for the command.
 */
export function commandForOtherWords(words: readonly string[]): OtherWords | undefined {
  for (let count = Math.min(words.length, 2); count > 0; count--) {
    const typed = plain(words.slice(0, count).join(' '));
    const command = Object.hasOwn(OTHER_WORDS, typed.toLowerCase()) && OTHER_WORDS[typed.toLowerCase()];
    if (!command) continue;
    const name = words[count];
    return { typed, command: command.replace('NAME', isProfileName(name) ? name : 'NAME') };
  }
  return undefined;
}
