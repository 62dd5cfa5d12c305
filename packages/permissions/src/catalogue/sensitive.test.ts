import { describe, expect, it } from 'vitest';
import { OPERATIONS, operationNamed } from './catalogue.js';
import { isSensitive } from './sensitive.js';

const ACCOUNT_KINDS = ['mints_keys', 'changes_access', 'shows_secrets'];
/** They concern one instance, or the secret in their response is masked. */
const HARMLESS = ['instance.attach_ssh', 'instance.detach_ssh', 'instance.update_ssh', 'user.show'];
const named = (pattern: RegExp) => OPERATIONS.filter(({ operation }) => pattern.test(operation));

/**
 * What `exec --broker` promises to refuse by default, and the operations that are named by it. Only keys, sessions and the
 * account are limited to changes.
 */
const PROMISED: Readonly<Record<string, RegExp>> = {
  'keys and sessions (make, reset, delete)':
    /^(?:apikey\.(?:create|reset|delete)|tfa\.login|session\.revoke)$/u,
  'the account (change, delete)':
    /^(?:account\.\w+|user\.(?:set|update|save_context|set_notification_prefs))$/u,
  subaccounts: /^subaccount\./u,
  'team, members and roles': /^(?:team|team_role)\./u,
  'two-factor': /^tfa\./u,
  "the account's SSH keys": /^ssh_key\./u,
  webhooks: /^webhook\./u,
  'cloud connections': /^connection\./u,
  'stored environment variables': /^env_var\./u,
  'machine and instance secrets': /^(?:cluster\.worker_token|machine\.(?:instance_secrets|key|report_key))$/u,
  'credit transfer': /^credit\.transfer$/u,
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
  it.each(Object.entries(PROMISED))('marks what exec --broker promises to refuse: %s', (_, pattern) => {
    expect(named(pattern)).not.toEqual([]);
    expect(named(pattern).filter((one) => !isSensitive(one))).toEqual([]);
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
    const reads = ['user.show', 'user.ipaddrs', 'apikey.list', 'apikey.show', 'session.list'];
    expect(reads.filter((operation) => isSensitive({ operation }))).toEqual([]);
  });
});
