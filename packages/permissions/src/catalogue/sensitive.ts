import type { Operation } from './operation.js';

/**
 * Names the operations that a program with a whole account rarely needs, and that hand over the account: they make or end
 * keys and sessions, change the account, its members, roles, second factors, SSH keys, connections and stored variables,
 * show secrets, or move money. `thing.*` stands for every operation of a thing.
 *
 * Renting, running and destroying instances is not among them, nor are the SSH keys of one instance, and showing the user.
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
  'session.*',
  'ssh_key.create',
  'ssh_key.delete',
  'ssh_key.update',
  'stripe_connect.*',
  'subaccount.*',
  'team.apikeys',
  'team.create',
  'team.destroy',
  'team.invite',
  'team.member_role_add',
  'team.member_role_remove',
  'team.member_role_set',
  'team.open_invitation',
  'team.remove_member',
  'team.sessions',
  'team.transfer',
  'team.update',
  'team_role.create',
  'team_role.remove',
  'team_role.update',
  'tfa.activate',
  'tfa.authorize_confirm',
  'tfa.authorize_start',
  'tfa.delete',
  'tfa.login',
  'tfa.regen_codes',
  'tfa.resend',
  'tfa.resend_sms',
  'tfa.send_email',
  'tfa.send_sms',
  'tfa.test',
  'tfa.test_submit',
  'tfa.totp_setup',
  'tfa.update',
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
