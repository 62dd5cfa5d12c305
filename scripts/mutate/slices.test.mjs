import { existsSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SLICES } from './slices.mjs';

describe.each(Object.entries(SLICES))('the slice %s', (_, { mutate, tests }) => {
  it('names files and folders that exist', () => {
    for (const pattern of [...mutate, ...tests]) {
      const [fixed] = /^[^*!{]+/u.exec(pattern);
      expect([pattern, existsSync(fixed === pattern ? pattern : dirname(`${fixed}x`))]).toEqual([
        pattern,
        true,
      ]);
    }
  });
});

it('include every file of kit', () => {
  const all = readdirSync('packages/kit/src', { recursive: true }).map((name) => name.replaceAll('\\', '/'));
  const files = all.filter((name) => /(?<!\.test)\.ts$/u.test(name));
  const named = Object.values(SLICES).flatMap(({ mutate }) => mutate);
  expect(files.filter((name) => !named.includes(`packages/kit/src/${name}`))).toEqual([]);
});
