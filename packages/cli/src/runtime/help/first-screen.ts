import { KEYS_PAGE } from '@vastai-cli/core/internal/base/keys-page';

export type Row = readonly [name: string, summary: string];

/** The three commands that somebody who has just installed vastai needs. */
export const FIRST_STEPS: readonly Row[] = [
  ['vastai set api-key', 'Save your API key.'],
  ['vastai auth status', 'Check that it works.'],
  ['vastai create api-key --name ci --preset monitoring', 'Make a key for one job.'],
];

export const USAGE = '[COMMAND] [FLAGS]';

/** The pages of `vastai help` that belong to no command. */
export const PAGE_ROWS: readonly Row[] = [
  ['environment', 'The variables that vastai reads.'],
  ['exit-status', 'What each exit status means.'],
  ['permissions', 'What a key can be allowed to do, and how to say it.'],
  ['profiles', 'How to keep several keys, each with its own API.'],
];

/** Returns whether `vastai help NAME` has a page of its own. */
export function isPageOfHelp(name: string): boolean {
  return PAGE_ROWS.some(([page]) => page === name);
}

export const LINKS: readonly Row[] = [
  ['API keys', KEYS_PAGE],
  ['Documentation', 'https://github.com/vastai-cli/vastai-cli#readme'],
];
