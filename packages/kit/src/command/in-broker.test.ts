import { describe, expect, it } from 'vitest';
import { refuseInBroker, refuseOfficialInBroker } from './in-broker.js';

describe('refuseInBroker', () => {
  it.each([
    'auth:token',
    'config:migrate',
    'create:api-key',
    'create:api_key',
    'exec',
    'profile:list',
    'profile:use',
    'reset:api-key',
    'revoke:api-key',
    'rotate:api-key',
    'set:api-key',
    'tfa:login',
    'unset:api-key',
  ])('refuses %s', (id) => {
    expect(() => refuseInBroker(id, [])).toThrow('is not available');
  });

  it.each(['auth:status', 'show:user', 'show:api-keys', 'delete:api-key', 'create:team-role', 'doctor', ''])(
    'allows %s',
    (id) => {
      expect(() => refuseInBroker(id, [])).not.toThrow();
    },
  );

  it('refuses scan with --verify, and allows it without', () => {
    expect(() => refuseInBroker('scan', ['.', '--verify'])).toThrow('scan --verify is not available');
    for (const argv of [['.'], ['--', '--verify']]) expect(() => refuseInBroker('scan', argv)).not.toThrow();
  });
});

describe('refuseOfficialInBroker', () => {
  it.each([
    'tfa',
    'tfa login',
    'set api-key KEY',
    'create api_key',
    'reset api-key',
    'rotate api-key',
    'revoke api-key',
  ])('refuses %s', (words) => {
    expect(() => refuseOfficialInBroker(words.split(' '))).toThrow('is not available');
  });

  it.each(['set user', 'set defjob 5', 'create instance 5', 'label instance tfa', 'show user', ''])(
    'allows %s',
    (words) => {
      expect(() => refuseOfficialInBroker(words.split(' '))).not.toThrow();
    },
  );
});
