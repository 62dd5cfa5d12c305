import type { Category } from '../catalogue/categories.js';

/** Says which categories hold the operations on one kind of thing. */
export interface Subject {
  /** In the plural, to start a sentence. */
  readonly label: string;
  readonly read: Category;
  readonly write: Category;
}

/** Says what access a name asks for. Undefined if it does not say. */
export type AccessLevel = 'none' | 'read' | 'write' | 'full' | undefined;

const subject = (label: string, group: 'user' | 'instance' | 'billing' | 'machine' | 'team'): Subject => ({
  label,
  read: `${group}_read`,
  write: `${group}_write`,
});
/** `misc` is not split into reading and writing. */
const misc = (label: string): Subject => ({ label, read: 'misc', write: 'misc' });

/** By the singular of the name. The first five are categories themselves. */
const SUBJECTS: ReadonlyMap<string, Subject> = new Map([
  ['instance', subject('Instances', 'instance')],
  ['billing', subject('Invoices and charges', 'billing')],
  ['machine', subject('Hosted machines', 'machine')],
  ['team', subject('Teams', 'team')],
  ['user', subject('Accounts', 'user')],
  ['account', subject('Accounts', 'user')],
  ['ssh', subject('SSH keys', 'user')],
  ['ssh_key', subject('SSH keys', 'user')],
  ['sshkey', subject('SSH keys', 'user')],
  ['template', subject('Templates', 'user')],
  ['api_key', subject('API keys', 'user')],
  ['apikey', subject('API keys', 'user')],
  ['env', subject('Stored environment variables', 'user')],
  ['env_var', subject('Stored environment variables', 'user')],
  ['environment', subject('Stored environment variables', 'user')],
  ['secret', subject('Stored environment variables', 'user')],
  ['subaccount', subject('Subaccounts', 'user')],
  ['session', subject('Login sessions', 'user')],
  ['tfa', subject('Two-factor methods', 'user')],
  ['two_factor', subject('Two-factor methods', 'user')],
  ['webhook', subject('Webhooks', 'user')],
  ['cloud_connection', subject('Cloud connections', 'user')],
  ['connection', subject('Cloud connections', 'user')],
  ['volume', subject('Volumes', 'instance')],
  ['deployment', subject('Deployments', 'instance')],
  ['scheduled_job', subject('Scheduled jobs', 'instance')],
  ['invoice', subject('Invoices', 'billing')],
  ['charge', subject('Charges', 'billing')],
  ['earning', subject('Earnings', 'billing')],
  ['payment', subject('Invoices and charges', 'billing')],
  ['credit', subject('Transfers of credit', 'billing')],
  ['host', subject('Hosted machines', 'machine')],
  ['member', subject('Team members', 'team')],
  ['team_member', subject('Team members', 'team')],
  ['role', subject('Team roles', 'team')],
  ['team_role', subject('Team roles', 'team')],
  ['offer', misc('Offers')],
  ['search', misc('Offers')],
  ['endpoint', misc('Serverless endpoints')],
  ['serverless', misc('Serverless endpoints')],
  ['autoscaler', misc('Serverless endpoints')],
  ['workergroup', misc('Worker groups')],
]);

const LEVELS: ReadonlyMap<string, AccessLevel> = new Map([
  ...['none', 'no', 'off', 'deny', 'denied', 'disabled', ''].map((word) => [word, 'none'] as const),
  ...['read', 'readonly', 'read_only', 'view', 'viewer', 'show', 'list', 'see', 'get'].map(
    (word) => [word, 'read'] as const,
  ),
  ...['write', 'edit', 'write_only'].map((word) => [word, 'write'] as const),
  ...['full', 'full_access', 'all', 'manage', 'rw', 'readwrite', 'read_write', 'admin'].map(
    (word) => [word, 'full'] as const,
  ),
]);

const LONGEST = 40;

/** Reads a word for a level of access, such as `full` or `read-only`. */
export function levelNamed(word: string): AccessLevel {
  return word.length > LONGEST ? undefined : LEVELS.get(plain(word));
}

/** Reads a name such as `ssh_keys`, `template_read` or `manage_instances`; undefined if it names no known subject. */
export function readSubject(
  name: string,
): { subject: Subject; level: AccessLevel; isCategory: boolean } | undefined {
  if (name.length > LONGEST) return undefined;
  const words = plain(name)
    .split('_')
    .filter((word) => word !== '' && word !== 'can' && word !== 'access');
  const [first = '', ...rest] = words;
  const last = rest.at(-1);
  if (LEVELS.has(first) && rest.length > 0) return found(rest, LEVELS.get(first));
  if (last !== undefined && LEVELS.has(last)) return found([first, ...rest.slice(0, -1)], LEVELS.get(last));
  return found(words, undefined);
}

function found(words: readonly string[], level: AccessLevel): ReturnType<typeof readSubject> {
  const name = words.join('_');
  const one = SUBJECTS.get(name) ?? SUBJECTS.get(name.replace(/s$/u, ''));
  return one === undefined
    ? undefined
    : { subject: one, level, isCategory: one.read.startsWith(`${name.replace(/s$/u, '')}_`) };
}

function plain(name: string): string {
  return name
    .replace(/([a-z])([A-Z])/gu, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, '_');
}
