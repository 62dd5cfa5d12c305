/**
 * Lists words that people know from other command lines, and the command of ours that does what they ask for. They are
 * too far from its name for a search by spelling.
 */
const OTHER_WORDS: Readonly<Record<string, OurCommand>> = {
  'auth list': { name: 'auth status' },
  'auth login': { name: 'set api-key' },
  'auth logout': { name: 'unset api-key' },
  'auth switch': { name: 'profile use', more: ' NAME' },
  'auth whoami': { name: 'show user' },
  completion: { name: 'autocomplete' },
  'config get': { name: 'doctor' },
  'config list': { name: 'doctor' },
  'config show': { name: 'doctor' },
  login: { name: 'set api-key' },
  logout: { name: 'unset api-key' },
  'plugins list': { name: 'plugins' },
  'profile add': { name: 'set api-key', more: ' --profile NAME' },
  'profile create': { name: 'set api-key', more: ' --profile NAME' },
  'profile delete': { name: 'profile remove', more: ' NAME' },
  'profile new': { name: 'set api-key', more: ' --profile NAME' },
  'profile show': { name: 'profile list' },
  'profile switch': { name: 'profile use', more: ' NAME' },
  profiles: { name: 'profile list' },
  shell: { name: 'exec' },
  status: { name: 'auth status' },
  whoami: { name: 'show user' },
};

/** Says which command does what the words ask for, and what it needs behind its name for that. */
export interface OurCommand {
  readonly name: string;
  readonly more?: string;
}

/** Returns the command for words known from elsewhere, or `undefined`. The last words may be arguments. */
export function ourCommandFor(words: readonly string[]): OurCommand | undefined {
  for (let count = Math.min(words.length, 2); count > 0; count--) {
    const known = words.slice(0, count).join(' ');
    if (Object.hasOwn(OTHER_WORDS, known)) return OTHER_WORDS[known];
  }
  return undefined;
}
