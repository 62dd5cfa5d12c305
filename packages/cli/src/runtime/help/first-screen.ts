import { KEYS_PAGE } from '@vastai-cli/core/internal/base/keys-page';

export type Row = readonly [name: string, summary: string];

/** The three commands to run after installing vastai. */
export const FIRST_STEPS: readonly Row[] = [
  ['vastai set api-key', 'Save your API key.'],
  ['vastai auth status', 'Check that it works.'],
  ['vastai create api-key --name ci --preset monitoring', 'Create a key for one job.'],
];

/** Summaries of oclif's commands on the first screen, in the words of our own. */
export const SUMMARIES: Readonly<Record<string, string>> = {
  help: 'Show help for vastai or a command.',
  plugins: 'List, install, update and remove plugins.',
};

export const USAGE = '[COMMAND] [FLAGS]';

/** The pages of `vastai help` that belong to no command. */
export const PAGE_ROWS: readonly Row[] = [
  ['environment', 'The variables that vastai reads.'],
  ['exit-status', 'What each exit status means.'],
  ['permissions', 'How to limit what a key can do.'],
  ['profiles', 'How to use several keys.'],
];

/** Returns true if `vastai help NAME` has its own page. */
export function isPageOfHelp(name: string): boolean {
  return PAGE_ROWS.some(([page]) => page === name);
}

export const LINKS: readonly Row[] = [
  ['API keys', KEYS_PAGE],
  ['Documentation', 'https://github.com/vastai-cli/vastai-cli#readme'],
];

/** The first words of the commands that are handed over to the official CLI. A test compares them with those commands. */
export const OFFICIAL_TOPICS =
  'accept add attach cancel change cleanup clone cloud copy create defrag delete destroy detach dump-logs execute get join label launch list logs metrics prepay reboot recycle reject remove remove-machine-from-cluster reports run schedule scp-url search self-test set show ssh-url start stop take transfer uninstall unlist update';

/** Returns the text about those commands, in lines of at most `width` characters. */
export function officialLines(width: number): string[] {
  const topics = OFFICIAL_TOPICS.replaceAll(' ', ', ');
  return filled(
    `If Vast.ai's own CLI is installed, it runs all other commands in these topics (see "vastai help official"): ${topics}`,
    width,
  );
}

/** Returns a string in lines of at most `width` characters. */
export function filled(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
