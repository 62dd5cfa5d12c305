import type { Advice } from '../advice.js';
import type { Environment } from '../config/environment.js';
import { isSocket, keychainIsOnBus } from './keychain-bus.js';
import { NO_BUS } from './keychain-problem.js';
import type { Problem } from './reading.js';

/** What can be done in this session, then what has to be done in that of the desktop. */
const OTHERWISE: readonly Advice[] = [
  { do: 'pass-key', purpose: 'Pass the key in VAST_API_KEY' },
  { do: 'save-key', storage: 'file', purpose: 'Or keep it in a file' },
  { do: 'migrate', to: 'file', purpose: 'Or, in the desktop session, move it into a file' },
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
    const connect = `Connect to it: export DBUS_SESSION_BUS_ADDRESS=unix:path=${bus}`;
    const reach: readonly Advice[] = isSocket(bus) ? [{ do: 'say', text: connect }] : [];
    return { ...problem, message, fix: [...reach, ...OTHERWISE] };
  }
  if (SSH_CONNECTION === undefined || !['keychain_locked', 'keychain_timeout'].includes(problem.code))
    return problem;
  const text = 'Nothing can ask for its password over SSH. Unlock it in the desktop session.';
  return { ...problem, fix: [{ do: 'say', text }, ...OTHERWISE] };
}
