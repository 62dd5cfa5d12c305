import type { Harness } from './harness.js';

/** Describes a fault of the sandbox. */
export type Fault = Parameters<Harness['sandbox']['fault']>[1];

/** Lists what can go wrong with one request, before or after the API has acted. */
export const REQUEST_FAULTS: readonly (readonly [name: string, fault: Fault])[] = [
  ['connection lost before', { kind: 'drop' }],
  ['connection lost after', { kind: 'drop', acts: true }],
  ['429', { kind: 'answer', status: 429, body: 'endpoint threshold=0.01' }],
  ['502 before', { kind: 'answer', status: 502, body: 'Bad Gateway' }],
  ['502 after', { kind: 'answer', status: 502, body: 'Bad Gateway', acts: true }],
  ['HTML after', { kind: 'junk', acts: true }],
  ['half a response', { kind: 'truncate' }],
];
