import type { Environment } from '../config/environment.js';
import { isSocket, keychainIsOnBus } from './keychain-bus.js';
import { NO_BUS } from './keychain-problem.js';
import type { Problem } from './reading.js';

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
  const flag = profile === 'default' ? '' : ` --profile ${profile}`;
  const otherwise = `Or pass the key in VAST_API_KEY, or keep it in a file: vastai set api-key --storage file${flag}`;
  const move = `vastai config migrate --to file${flag}`;
  if (problem.message === NO_BUS) {
    const bus = `${runtimeFolder}/bus`;
    const message = `The key of profile "${profile}" is in the keychain of this machine's desktop, which this session cannot reach. ${NO_BUS}`;
    const reach = isSocket(bus)
      ? `Connect to it: export DBUS_SESSION_BUS_ADDRESS=unix:path=${bus}`
      : `Run vastai in the desktop session, or move the key into a file there: ${move}`;
    return { ...problem, message, fix: `${reach}\n${otherwise}` };
  }
  if (SSH_CONNECTION === undefined || !['keychain_locked', 'keychain_timeout'].includes(problem.code))
    return problem;
  const reach = `Nothing can ask for its password over SSH. Unlock it in the desktop session, or move the key into a file there: ${move}`;
  return { ...problem, fix: `${reach}\n${otherwise}` };
}
