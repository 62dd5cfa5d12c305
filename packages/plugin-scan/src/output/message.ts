import { REASONS } from '@vastai-cli/leak-scan';
import { commitWords, verdictWords } from './pretty.js';
import type { Finding } from './scan-report.js';

/** Describes a finding in a sentence, for a format that shows the place itself. */
export function messageOf(finding: Finding): string {
  const { suffix, reason, verified } = finding;
  const state = verified === undefined ? '' : ` It is ${verdictWords(finding)}.`;
  const next = verified === 'revoked' ? '' : ' Delete it with: vastai revoke api-key';
  return `The Vast.ai API key …${suffix} is ${REASONS[reason]}${commitWords(finding)}.${state}${next}`;
}
