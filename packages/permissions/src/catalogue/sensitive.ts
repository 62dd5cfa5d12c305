import type { Operation } from './operation.js';

/**
 * Names the operations that a program with a whole account rarely needs, and that hand over the account: they make or end
 * keys and sessions, change the account, concern subaccounts, teams, two-factor login, the account's SSH keys, webhooks,
 * connections or stored variables, show secrets, or move money. `thing.*` stands for every operation of a thing: lists of
 * these are as telling as changes.
 *
 * Renting, running and destroying instances is not among them, nor are the SSH keys of one instance, and showing the user or
 * the keys and sessions of the account, whose secrets are masked.
 */
const SENSITIVE: readonly string[] = [
  'account.*',
  'apikey.create',
  'apikey.delete',
  'apikey.reset',
  'bitbucket.*',
  'cluster.worker_token',
  'connection.*',
  'credit.*',
  'discord.*',
  'env_var.*',
  'jira.*',
  'machine.instance_secrets',
  'machine.key',
  'machine.report_key',
  'machine.transfer',
  'payment.attach_method',
  'payment.bitpay',
  'payment.checkout',
  'payment.coinbase',
  'payment.crypto_com',
  'payment.delete_method',
  'payment.start',
  'payment.update_method',
  'session.revoke',
  'ssh_key.*',
  'stripe_connect.*',
  'subaccount.*',
  'team.*',
  'team_role.*',
  'tfa.*',
  'user.save_context',
  'user.set',
  'user.set_notification_prefs',
  'user.update',
  'webhook.*',
];

/** Returns true if a program should get this operation only when it is named. */
export function isSensitive({ operation }: Pick<Operation, 'operation'>): boolean {
  const [thing] = operation.split('.');
  return SENSITIVE.includes(operation) || SENSITIVE.includes(`${thing}.*`);
}
