import { confirm, requireAnswerable } from '@vastai-cli/kit/input/prompts';
import type { Terminal } from '@vastai-cli/kit/render/terminal';
import type { Sent } from './effects.js';

/**
 * Asks before a request that destroys, pays, changes access, or has an unknown effect.
 *
 * @param withProfile adds to the question which profile is used
 * @throws UsageError if the answer is no, or nobody can be asked.
 */
export async function askBefore(sent: Sent, { yes, terminal, withProfile }: Asking): Promise<void> {
  if (yes || sent.method === 'GET') return;
  const { reasonsToAsk } = await import('./catalogue.js');
  const reasons = reasonsToAsk(sent);
  if (reasons.length === 0) return;
  const request = `${sent.method} ${sent.path}`;
  requireAnswerable(yes, terminal, `${request} needs confirmation (${reasons.join('; ')})`);
  await confirm(withProfile(`${request}: ${reasons.join('; ')}. Send it?`), yes, terminal);
}

interface Asking {
  readonly yes: boolean;
  readonly terminal: Terminal;
  readonly withProfile: (question: string) => string;
}
