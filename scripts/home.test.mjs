import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { createScratch, environmentIn } from './home.mjs';

afterEach(() => vi.unstubAllEnvs());

it('passes commands a home and what programs need to start, and nothing else from the user', () => {
  vi.stubEnv('VAST_API_KEY', 'of the user');
  vi.stubEnv('NODE_EXTRA_CA_CERTS', '/certificates');
  const home = join(createScratch(), 'home');
  const env = environmentIn(home);
  expect(env).toMatchObject({ HOME: home, PATH: process.env.PATH });
  expect(Object.keys(env).filter((name) => /VAST|NODE/u.test(name))).toEqual([]);
});
