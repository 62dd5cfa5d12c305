import { describe, expect, it } from 'vitest';
import { readEnvironment, VARIABLES } from './environment.js';

describe('the environment', () => {
  it('gives the variables that are in the table, and no others', () => {
    expect(readEnvironment({ VAST_API_KEY: 'k', PATH: '/bin', VAST_SOMETHING: 'x' })).toEqual({
      VAST_API_KEY: 'k',
    });
  });

  it.each(['', ' ', '\t\n'])('counts %j as unset, for every variable', (value) => {
    expect(readEnvironment(Object.fromEntries(Object.keys(VARIABLES).map((name) => [name, value])))).toEqual(
      {},
    );
  });

  it('leaves a value as it is', () => {
    expect(readEnvironment({ VAST_API_KEY: ' k\n' })).toEqual({ VAST_API_KEY: ' k\n' });
  });
});
