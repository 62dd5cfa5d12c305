import type { Advice } from '../../base/advice.js';
import type { Environment } from '../../base/environment.js';
import type { Problem } from '../lookup.js';
import { nameOfEntry } from './entry-name.js';
import { NO_BUS } from './errors.js';
import { isSocket, keychainIsOnBus } from './linux/dbus-connection.js';

const MOVE = { do: 'migrate', to: 'file' } as const;
/** Advice for this session. It comes first, because a move works only in the desktop session. */
const HERE: readonly Advice[] = [
  { do: 'pass-key', purpose: 'Pass the key in VAST_API_KEY' },
  { do: 'save-key', storage: 'file', purpose: 'Or keep it in a file' },
];

/**
 * Explains a problem of a session other than the desktop's, over SSH, in a cron job or after `su`. Returns other problems
 * unchanged.
 *
 * @param runtimeFolder folder in which systemd puts the bus of the user's desktop
 */
export function explainFromAfar(
  problem: Problem,
  account: string,
  { SSH_CONNECTION }: Environment,
  runtimeFolder = `/run/user/${process.geteuid?.()}`,
): Problem {
  if (!keychainIsOnBus()) return problem;
  if (problem.message === NO_BUS) {
    const bus = `${runtimeFolder}/bus`;
    const message = `The ${nameOfEntry(account)} is in the keychain of this machine's desktop, which this session cannot reach. ${NO_BUS}`;
    const fix: readonly Advice[] = isSocket(bus)
      ? [{ do: 'say', text: `Connect to it: export DBUS_SESSION_BUS_ADDRESS=unix:path=${bus}` }, ...HERE]
      : [
          ...HERE,
          { ...MOVE, purpose: 'Or run vastai in the desktop session, or move the key into a file there' },
        ];
    return { ...problem, message, fix };
  }
  if (SSH_CONNECTION === undefined || !['keychain_locked', 'keychain_timeout'].includes(problem.code))
    return problem;
  const why = 'Nothing can ask for its password over SSH.';
  const purpose = 'Or unlock it in the desktop session, or move the key into a file there';
  return { ...problem, fix: [{ do: 'say', text: why }, ...HERE, { ...MOVE, purpose }] };
}
