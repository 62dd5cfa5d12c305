import { VARIABLES } from '@vastai-cli/core/internal/base/environment';
import type { ErrorCode } from '@vastai-cli/core/internal/base/errors';
import { EXIT_STATUS } from '@vastai-cli/kit/command/exit-status';
import type { Row } from './first-screen.js';

/** Holds one page of help. */
export interface HelpPage {
  readonly title: string;
  readonly paragraphs: readonly string[];
  readonly list?: { readonly title: string; readonly rows: readonly Row[] };
  readonly examples?: readonly string[];
}

const MEANINGS: Readonly<Record<ErrorCode, string>> = {
  api_error: 'The API returned an error that is not listed here.',
  internal: 'A bug in vastai.',
  usage: 'Unknown command or flag, invalid value, or a file argument that cannot be read.',
  no_key: 'No key was found, so nothing was sent.',
  key_rejected: 'The API rejected the key.',
  forbidden: 'The key lacks a permission; the message names it.',
  not_found: 'Not found.',
  rate_limited: 'Too many requests, even after retries.',
  unreachable: 'No response in time, a server error, or a response that did not come from the API.',
  storage: 'A key store could not be read or written.',
  findings: 'A permission file is invalid, a check failed, or doctor found a problem.',
  two_factor: 'The account requires a two-factor session.',
  interrupted: 'Interrupted by Ctrl-C. For other signals, 128 plus the signal number.',
};

function exitStatuses(): Row[] {
  const codes = Object.entries(EXIT_STATUS) as [ErrorCode, number][];
  const statuses = [...new Set(codes.map(([, status]) => status))].sort((a, b) => a - b);
  const rows = statuses.map((status): Row => {
    const ofStatus = codes.filter(([, other]) => other === status);
    return [String(status), ofStatus.map(([code]) => `${MEANINGS[code]} (${code})`).join('\n')];
  });
  return [['0', 'Success.'], ...rows];
}

/** Returns the page of `vastai help NAME`; `undefined` if there is no such page. */
export function helpPage(name: string): HelpPage | undefined {
  return Object.hasOwn(PAGES, name) ? PAGES[name]?.() : undefined;
}

const PAGES: Readonly<Record<string, () => HelpPage>> = {
  environment: () => ({
    title: 'The environment variables that vastai reads',
    paragraphs: ['An empty variable counts as unset. A flag overrides the variable for the same setting.'],
    list: {
      title: 'VARIABLES',
      rows: Object.entries(VARIABLES).map(([name, use]): Row => [name, `${use.replaceAll('`', '"')}`]),
    },
  }),
  'exit-status': () => ({
    title: 'What each exit status means',
    paragraphs: [
      'With --json, a failure prints {"error":{"code","message",…}} on standard output; the code is the word in parentheses.',
    ],
    list: { title: 'EXIT STATUS', rows: exitStatuses() },
  }),
  permissions: () => ({
    title: 'How to limit what a key can do',
    paragraphs: [
      'A key created without permissions has full access to the account and its money. A permission file is JSON that limits a key: to categories such as instance_read, to endpoints within them, or to values such as the ID of one instance.',
      'Write a file from a preset, read what it allows, then create the key from it. A file with errors creates no key. If the API gives the new key more access than the file grants, vastai deletes the key again.',
    ],
    examples: [
      'vastai permissions init perms.json --preset monitoring',
      'vastai permissions explain perms.json',
      'vastai create api-key --name watch --permission_file perms.json',
    ],
  }),
  profiles: () => ({
    title: 'How to use several keys',
    paragraphs: [
      'A profile is a saved key and the API that it belongs to. Commands use the profile "default" until you choose another one.',
      'The profile comes from the first of these: --profile NAME, VAST_PROFILE, a .vastai-profile file in the current folder or a parent folder, the profile chosen with "profile use", then "default". A .vastai-profile file is ignored if anyone other than you or root can change it.',
      'With --profile, the saved key of that profile is sent even if VAST_API_KEY is set. A saved key is sent only to the API it was saved for.',
    ],
    examples: [
      'vastai set api-key --profile work',
      'vastai show user --profile work',
      'vastai profile list',
      'vastai profile use work',
    ],
  }),
};
