import { describe, expect, it } from 'vitest';
import { OPERATIONS, operationNamed } from './catalogue.js';
import { isSensitive } from './sensitive.js';

const ACCOUNT_KINDS = ['mints_keys', 'changes_access', 'shows_secrets'];
/** They concern one instance, or the secret in their response is masked. */
const HARMLESS = ['instance.attach_ssh', 'instance.detach_ssh', 'instance.update_ssh', 'user.show'];
const named = (pattern: RegExp) => OPERATIONS.filter(({ operation }) => pattern.test(operation));

/** What `exec --broker` promises to refuse by default, and operations that do it. */
const PROMISED: Readonly<Record<string, readonly string[]>> = {
  'keys and sessions (make, reset, delete)': [
    'apikey.create',
    'apikey.reset',
    'apikey.delete',
    'tfa.login',
    'session.revoke',
  ],
  'the account (change, delete)': [
    'account.change_email',
    'account.delete',
    'account.reset_password',
    'account.update_current',
    'account.verify_email',
    'user.set',
    'user.update',
  ],
  subaccounts: ['subaccount.create', 'subaccount.list', 'subaccount.regenerate_keys'],
  'team, members and roles': [
    'team.create',
    'team.destroy',
    'team.invite',
    'team.member_role_add',
    'team.member_role_remove',
    'team.member_role_set',
    'team.remove_member',
    'team.transfer',
    'team.update',
    'team_role.create',
    'team_role.remove',
    'team_role.update',
  ],
  'two-factor': ['tfa.activate', 'tfa.delete', 'tfa.regen_codes', 'tfa.totp_setup', 'tfa.update'],
  "the account's SSH keys": ['ssh_key.create', 'ssh_key.delete', 'ssh_key.update'],
  webhooks: ['webhook.create', 'webhook.delete', 'webhook.list', 'webhook.rotate_secret', 'webhook.update'],
  'cloud connections': ['connection.cloud_create', 'connection.cloud_delete', 'connection.list'],
  'stored environment variables': ['env_var.create', 'env_var.delete', 'env_var.list', 'env_var.update'],
  'machine and instance secrets': ['cluster.worker_token', 'machine.instance_secrets', 'machine.key'],
  'credit transfer': ['credit.transfer'],
};
/** What it promises to leave alone. */
const LEFT_ALONE = [
  'user.show',
  'instance.create',
  'instance.create_bulk',
  'instance.launch',
  'instance.manage',
  'instance.destroy',
  'instance.destroy_bulk',
  'instance.attach_ssh',
  'instance.detach_ssh',
  'instance.ssh_keys',
  'instance.update_ssh',
];

describe('isSensitive', () => {
  it.each(Object.entries(PROMISED))('marks what exec --broker promises to refuse: %s', (_, names) => {
    expect(names.filter((operation) => operationNamed(operation) === undefined)).toEqual([]);
    expect(names.filter((operation) => !isSensitive({ operation }))).toEqual([]);
  });

  it('leaves alone what exec --broker promises to allow', () => {
    expect(LEFT_ALONE.filter((operation) => operationNamed(operation) === undefined)).toEqual([]);
    expect(LEFT_ALONE.filter((operation) => isSensitive({ operation }))).toEqual([]);
  });

  it('marks everything that makes keys, changes access or shows secrets, except within one instance', () => {
    const all = OPERATIONS.filter(({ risks }) => risks.some(({ kind }) => ACCOUNT_KINDS.includes(kind)));
    expect(all.length).toBeGreaterThan(40);
    expect(all.filter((one) => !isSensitive(one)).map(({ operation }) => operation)).toEqual(HARMLESS);
  });

  it('marks every change of a thing that belongs to the account', () => {
    const things =
      /^(?:account|apikey|connection|credit|env_var|payment|session|ssh_key|subaccount|team|team_role|tfa|user|webhook)\./u;
    const changes = named(things).filter(({ method }) => method !== 'GET');
    expect(changes.filter((one) => !isSensitive(one))).toEqual([]);
  });

  it('leaves instances, offers and plain reading alone', () => {
    const things = /^(?:instance|offer|volume|endpoint|workergroup|template|scheduled_job|copy|metrics)\./u;
    expect(named(things).filter(isSensitive)).toEqual([]);
    const reads = ['user.show', 'user.ipaddrs', 'apikey.list', 'ssh_key.list', 'team.members', 'tfa.status'];
    expect(reads.filter((operation) => isSensitive({ operation }))).toEqual([]);
  });
});
