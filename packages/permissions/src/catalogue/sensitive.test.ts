import { describe, expect, it } from 'vitest';
import { OPERATIONS } from './catalogue.js';
import { isSensitive } from './sensitive.js';

const ACCOUNT_KINDS = ['mints_keys', 'changes_access', 'shows_secrets'];
/** They concern one instance, or the secret in their response is masked. */
const HARMLESS = ['instance.attach_ssh', 'instance.detach_ssh', 'instance.update_ssh', 'user.show'];
const named = (pattern: RegExp) => OPERATIONS.filter(({ operation }) => pattern.test(operation));

describe('isSensitive', () => {
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
