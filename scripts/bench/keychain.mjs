import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Starts a private gnome-keyring, unlocked and empty, on its own session bus. It takes a moment to respond, and ends with
 * this process.
 *
 * @param {string} folder where it keeps its files
 * @param {Record<string, string>} env
 * @returns {Promise<Record<string, string>>} the variables by which a program finds it
 */
export async function startKeychain(folder, env) {
  const config = join(folder, 'bus.conf');
  // With the system configuration, the bus could start services of the user.
  writeFileSync(
    config,
    `<busconfig><type>session</type><listen>unix:path=${folder}/bus</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>\n`,
  );
  const bus = spawn('dbus-daemon', ['--nofork', '--print-address', `--config-file=${config}`], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [address] = await once(bus.stdout, 'data');
  const found = { DBUS_SESSION_BUS_ADDRESS: String(address).trim(), XDG_RUNTIME_DIR: folder };
  const keyring = spawn('gnome-keyring-daemon', ['--foreground', '--unlock', '--components=secrets'], {
    env: { ...env, ...found, XDG_DATA_HOME: join(folder, 'data') },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  keyring.stdin.end('a password');
  for (const child of [bus, keyring]) {
    child.unref();
    process.on('exit', () => child.kill('SIGKILL'));
  }
  bus.stdout.destroy();
  return found;
}

/** Returns the programs that are not installed. */
export function missingPrograms(names) {
  return names.filter((name) => spawnSync(name, ['--version']).status !== 0);
}
