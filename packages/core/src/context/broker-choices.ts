import { type Environment, isInBroker } from '../base/environment.js';
import { UsageError } from '../base/errors.js';

/** The flags of a run that choose a key or an API. */
interface Choices {
  readonly apiKey?: string | undefined;
  readonly profile?: string | undefined;
  readonly url?: string | undefined;
}

/**
 * Refuses to choose a key or an API in a program behind a broker, which has done that.
 *
 * @throws UsageError if one is chosen there.
 */
export function refuseChoices(environment: Environment, { apiKey, profile, url }: Choices): void {
  if (!isInBroker(environment)) return;
  const given = { '--api-key': apiKey, '--profile': profile, '--url': url };
  const [flag] = Object.entries(given).find(([, value]) => value !== undefined) ?? [];
  if (flag === undefined) return;
  throw new UsageError(`${flag} is not available here: vastai exec --broker chose the key and the API.`);
}
