import type { Advice } from '../../base/advice.js';
import type { Environment } from '../../base/environment.js';
import type { Problem } from '../lookup.js';
import { NO_BUS } from './errors.js';
import { isSocket, keychainIsOnBus } from './linux/dbus-connection.js';

const MOVE = { do: 'migrate', to: 'file' } as const;
/** What helps in this session comes first: a move works in the desktop session alone. */
const HERE: readonly Advice[] = [
  { do: 'pass-key', purpose: 'Pass the key in VAST_API_KEY' },
  { do: 'save-key', storage: 'file', purpose: 'Or keep it in a file' },
];

/**
 * Explains a keychain that this session cannot use because it is not the one of the desktop: over SSH, in a cron job, after
 * `su`. Other problems are given back as they are.
 *
 * @param runtimeFolder where systemd has the bus of the user's desktop
 */
export function explainFromAfar(
  problem: Problem,
  profile: string,
  { SSH_CONNECTION }: Environment,
  runtimeFolder = `/run/user/${process.geteuid?.()}`,
): Problem {
  if (!keychainIsOnBus()) return problem;
  if (problem.message === NO_BUS) {
    const bus = `${runtimeFolder}/bus`;
    const message = `The key of profile "${profile}" is in the keychain of this machine's desktop, which this session cannot reach. ${NO_BUS}`;
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
