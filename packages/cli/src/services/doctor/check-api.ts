import type { Context } from '@vastai-cli/core/internal/credentials/context';
import type { Verification } from '../verify-key.js';
import { type Finding, info, ok, problem } from './finding.js';
import { adviceToGo } from './settled.js';

/** Whether the API answers, and accepts the key. Without a key nothing is sent, so nothing is known. */
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
      return [problem('api', verification.error.message, adviceToGo(verification.error))];
  }
}
