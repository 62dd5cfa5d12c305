import { describe, expect, it } from 'vitest';
import { refuseInBroker } from './in-broker.js';

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
    expect(() => refuseInBroker(id)).toThrow('is not available');
  });

  it.each(['auth:status', 'show:user', 'show:api-keys', 'delete:api-key', 'create:team-role', 'doctor', ''])(
    'allows %s',
    (id) => {
      expect(() => refuseInBroker(id)).not.toThrow();
    },
  );
});
