/**
 * Lists words that people know from other command lines, and the command of ours that does what they ask for. They are
 * too far from its name for a search by spelling.
 */
const OTHER_WORDS: Readonly<Record<string, string>> = {
  'auth login': 'set api-key',
  completion: 'autocomplete',
  'config show': 'doctor',
  login: 'set api-key',
  logout: 'unset api-key',
  'plugins list': 'plugins',
  'profile add': 'set api-key',
  'profile create': 'set api-key',
  profiles: 'profile list',
  status: 'auth status',
  whoami: 'show user',
};

/** Matches the words that make a profile. Our command for it needs the profile's name. */
const MAKES_PROFILE = /^profile (?:add|create)$/;

/** Says which command does what the words ask for, and which flags it needs for that. */
export interface OurCommand {
  readonly name: string;
  readonly flags: string;
}

/** Returns the command for words known from elsewhere, or `undefined`. The last words may be arguments. */
export function ourCommandFor(words: readonly string[]): OurCommand | undefined {
  for (let count = Math.min(words.length, 2); count > 0; count--) {
    const known = words.slice(0, count).join(' ');
    if (!Object.hasOwn(OTHER_WORDS, known)) continue;
    return { name: OTHER_WORDS[known] ?? '', flags: MAKES_PROFILE.test(known) ? ' --profile NAME' : '' };
  }
  return undefined;
}
