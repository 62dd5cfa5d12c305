import { readEnvironment } from '@vastai-cli/core/internal/base/environment';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { refuseChoices } from '@vastai-cli/core/internal/context/broker-choices';

/** The commands that print, save or make keys, or start programs with one, by their words. */
const REFUSED =
  /^(?:auth token|config|create api-key|exec|profile|reset|revoke|rotate|set|tfa|unset)(?: |$)/u;
/** Those that the official CLI may be asked for. It has other commands below "set", which handle no keys. */
const REFUSED_OFFICIAL = /^(?:(?:create|reset|revoke|rotate|set|unset) api-key|tfa)(?: |$)/u;

/**
 * Refuses a command that handles keys while a program runs behind a broker, so that it gets no key by mistake. Refuses to
 * choose a key or an API there too, also to commands that would make nothing of it. It is no border for a program that wants
 * to: it can unset the variable.
 *
 * @param id of the command, as oclif writes it: `auth:token`
 * @param argv its arguments
 * @throws UsageError if the command is one of those.
 */
export function refuseInBroker(id: string, argv: readonly string[]): void {
  const words = id.replaceAll(':', ' ').replaceAll('_', '-');
  const own = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  if (REFUSED.test(words)) throw notAvailable(words);
  if (words === 'scan' && own.includes('--verify')) throw notAvailable('scan --verify');
  const given = (flag: string) => own.find((word) => word === flag || word.startsWith(`${flag}=`));
  refuseChoices(readEnvironment(process.env), {
    apiKey: given('--api-key'),
    profile: given('--profile'),
    url: given('--url'),
  });
}

/**
 * Refuses such a command of the official CLI.
 *
 * @param names the words of the command and its arguments, without flags
 * @throws UsageError if it is one.
 */
export function refuseOfficialInBroker(names: readonly string[]): void {
  const words = names.slice(0, 2).join(' ').replaceAll('_', '-');
  if (REFUSED_OFFICIAL.test(words)) throw notAvailable(words);
}

function notAvailable(words: string): UsageError {
  return new UsageError(
    `${words} is not available to programs started by vastai exec --broker.`,
    'Run it outside that program. VASTAI_BROKER is set for programs that have no key.',
  );
}
