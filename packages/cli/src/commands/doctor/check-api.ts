import type { Context } from '@vastai-cli/core/internal/credentials/context';
import type { Verification } from '../../keys/verify-key.js';
import { type Finding, failed, info, ok } from './finding.js';

/** Looks whether the API answers, and accepts the key. Without a key nothing is sent, so nothing is known. */
export function checkApi({ url }: Context, verification: Verification): Finding[] {
  switch (verification.state) {
    case 'verified':
      return [
        ok('api', `${url.origin} answers and accepts the key.`),
        ...(verification.note === undefined ? [] : [info('api', verification.note)]),
      ];
    case 'skipped':
      return [info('api', `${url.origin} was not asked: there is no key to ask with.`)];
    default:
      return [failed('api', verification.error)];
  }
}
