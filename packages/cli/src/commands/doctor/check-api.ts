import type { Context } from '@vastai-cli/core/internal/credentials/context';
import type { Verification } from '../../keys/verify-key.js';
import { type Finding, failed, info, ok } from './finding.js';

/** Reports if the API responds and accepts the key. Without a key, nothing was sent. */
export function checkApi({ url }: Context, verification: Verification): Finding[] {
  switch (verification.state) {
    case 'verified':
      return [
        ok('api', `${url.origin} responds and accepts the key.`),
        ...(verification.note === undefined ? [] : [info('api', verification.note)]),
      ];
    case 'skipped':
      return [info('api', `${url.origin} was not checked, because no key was found.`)];
    default:
      return [failed('api', verification.error)];
  }
}
