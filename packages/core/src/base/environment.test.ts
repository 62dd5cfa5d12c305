import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  environmentWithoutKeys,
  instanceIdOf,
  isInBroker,
  isRentedMachine,
  readEnvironment,
  VARIABLES,
} from './environment.js';

describe('the environment', () => {
  it('returns the variables of the table, and no others', () => {
    expect(readEnvironment({ VAST_API_KEY: 'k', EDITOR: 'vi', VAST_SOMETHING: 'x' })).toEqual({
      VAST_API_KEY: 'k',
    });
  });

  it.each(['', ' ', '\t\n'])('counts %j as unset, for every variable', (value) => {
    expect(readEnvironment(Object.fromEntries(Object.keys(VARIABLES).map((name) => [name, value])))).toEqual(
      {},
    );
  });

  it('returns values unchanged', () => {
    expect(readEnvironment({ VAST_API_KEY: ' k\n' })).toEqual({ VAST_API_KEY: ' k\n' });
  });
});

describe('a rented machine', () => {
  it.each([
    ['1', 1],
    [' 77\n', 77],
    ['123456789012345', 123_456_789_012_345],
    ['1234567890123456', undefined],
    ['0', undefined],
    ['077', undefined],
    ['7x', undefined],
    ['x7', undefined],
    ['my-box', undefined],
    [undefined, undefined],
  ])('is recognized by its number: %j', (text, id) => {
    const environment = text === undefined ? {} : { CONTAINER_ID: text };
    expect(instanceIdOf(environment)).toBe(id);
    expect(isRentedMachine(environment)).toBe(id !== undefined);
    expect(isRentedMachine({ ...environment, CONTAINER_API_KEY: 'k' })).toBe(true);
  });

  it('is not a program behind a broker', () => {
    expect(isInBroker({ CONTAINER_ID: '7' })).toBe(false);
    expect(isInBroker({ VASTAI_BROKER: '1' })).toBe(true);
  });
});

describe('the environment of a program that is started', () => {
  it('has everything but the variables of the key', () => {
    const env = { PATH: '/bin', VAST_API_KEY: 'k', VAST_API_KEY_FILE: '/f', VAST_URL: 'u' };
    expect(environmentWithoutKeys(env)).toEqual({ PATH: '/bin', VAST_URL: 'u' });
  });
});

describe('the table of variables', () => {
  const root = fileURLToPath(new URL('../../../../', import.meta.url));
  const names = Object.keys(VARIABLES);

  /** Returns the variables that a source reads by name, as `env.NAME` or `process.env.NAME`. */
  const readIn = (source: string) => [...source.matchAll(/\benv\.([A-Z][A-Z_]+)/g)].map(([, name]) => name);

  it('has every variable that the programs read', () => {
    const read = readdirSync(join(root, 'packages'))
      .filter((name) => name !== 'testing')
      .flatMap((name) => sourcesBelow(join(root, 'packages', name, 'src')))
      .flatMap((path) => readIn(readFileSync(path, 'utf8')));
    expect(read).toContain('TERM');
    expect([...new Set(read)].filter((name) => !names.includes(name ?? ''))).toEqual([]);
  });

  it('is in the documentation, row by row', () => {
    const page = readFileSync(join(root, 'docs', 'environment.md'), 'utf8');
    const rows = [...page.matchAll(/^\| `(\w+)` \| (.+) \|$/gm)].map(([, name, what]) => [name, what]);
    expect(rows).toEqual(Object.entries(VARIABLES));
  });
});

function sourcesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !/\.test\.ts$|testing|test-support/.test(name))
    .map((name) => join(folder, name));
}
