import { describe, expect, it } from 'vitest';
import { placeOf } from './place.js';

describe('the place of a key in a sentence', () => {
  it('is a path, or the keychain', () => {
    expect(placeOf('/home/me/keychain (x)')).toBe('/home/me/keychain (x)');
    expect(placeOf('keychain (vastai, default)')).toBe('the keychain');
  });
});
