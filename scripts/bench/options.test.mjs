import { expect, it } from 'vitest';
import { readOptions } from './options.mjs';

it('runs 20 pairs of everything unless told otherwise', () => {
  expect(readOptions([])).toEqual({ runs: 20, nodes: undefined, only: undefined, peers: [], out: undefined });
});

it('takes several peers and several Nodes', () => {
  const args = [
    '--peer',
    'gh --version',
    '--peer',
    'az version',
    '--node',
    '/a',
    '--node',
    '/b',
    '--runs',
    '5',
  ];
  expect(readOptions(args)).toMatchObject({
    runs: 5,
    nodes: ['/a', '/b'],
    peers: [
      ['gh', '--version'],
      ['az', 'version'],
    ],
  });
});

it.for([
  ['--runs', '1'],
  ['--runs', 'many'],
  ['--runs', '2.5'],
  ['--only', 'something'],
  ['--unknown'],
  ['more'],
  ['--peer', ''],
])('refuses %j %j', (args) => {
  expect(() => readOptions(args)).toThrow();
});
