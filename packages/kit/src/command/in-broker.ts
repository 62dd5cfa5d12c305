import { UsageError } from '@vastai-cli/core/internal/base/errors';

/** The commands that print, save or make keys, or start programs with one, by their words. */
const REFUSED =
  /^(?:auth token|config|create api-key|exec|profile|reset|revoke|rotate|set|tfa|unset)(?: |$)/u;

/**
 * Refuses a command that handles keys while a program runs behind a broker, so that it gets no key by mistake. It is no border
 * for a program that wants to: it can unset the variable.
 *
 * @param id of the command, as oclif writes it: `auth:token`
 * @throws UsageError if the command is one of those.
 */
export function refuseInBroker(id: string): void {
  const words = id.replaceAll(':', ' ').replaceAll('_', '-');
  if (!REFUSED.test(words)) return;
  throw new UsageError(
    `${words} is not available to a program that vastai exec --broker started.`,
    'Run it outside of that program. VASTAI_BROKER marks the programs that have no key.',
  );
}
