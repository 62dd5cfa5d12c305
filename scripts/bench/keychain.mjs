import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BenchError } from './failure.mjs';

const PROGRAMS = ['dbus-daemon', 'dbus-send', 'gnome-keyring-daemon'];
const PASSWORD = 'of the keyring';
const PATIENCE_MS = 10_000;

/**
 * Starts a keychain that nobody else uses: a Secret Service, unlocked and empty, on a session bus of its own. Nothing
 * of the user's can be reached over it.
 *
 * @param {string} folder where it keeps its files; it is made
 * @param {Record<string, string>} env
 * @returns {Promise<{ env: Record<string, string>, stop: () => void }>} the variables by which a program finds it
 * @throws {Error} if this machine has not all of it, or it does not come up
 */
export async function startKeychain(folder, env) {
  const missing = PROGRAMS.filter((program) => !isInstalled(program));
  if (missing.length > 0) throw new BenchError(`There is no ${missing.join(', no ')} on this machine.`);
  mkdirSync(folder, { mode: 0o700 });
  const config = join(folder, 'bus.conf');
  writeFileSync(config, busConfig(join(folder, 'bus')));
  const bus = spawn('dbus-daemon', ['--nofork', '--print-address', `--config-file=${config}`], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [address] = await once(bus.stdout, 'data', { signal: AbortSignal.timeout(PATIENCE_MS) });
  const found = { DBUS_SESSION_BUS_ADDRESS: String(address).trim(), XDG_RUNTIME_DIR: folder };
  const service = spawn('gnome-keyring-daemon', ['--foreground', '--unlock', '--components=secrets'], {
    env: { ...env, ...found, XDG_DATA_HOME: join(folder, 'data') },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const stop = () => {
    service.kill('SIGKILL');
    bus.kill('SIGKILL');
  };
  process.on('exit', stop);
  service.stdin.end(PASSWORD);
  for (const giveUpAt = Date.now() + PATIENCE_MS; !answers({ ...env, ...found }); await sleep(50)) {
    if (Date.now() > giveUpAt) throw new BenchError('No Secret Service came up.');
  }
  return { env: found, stop };
}

/** Whether there is a Secret Service on the bus. */
function answers(env) {
  const bus = 'org.freedesktop.DBus';
  const question = [
    `--dest=${bus}`,
    '/org/freedesktop/DBus',
    `${bus}.NameHasOwner`,
    'string:org.freedesktop.secrets',
  ];
  const { stdout } = spawnSync('dbus-send', ['--print-reply', ...question], { env, encoding: 'utf8' });
  return stdout?.includes('boolean true') === true;
}

function isInstalled(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function busConfig(socket) {
  return `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=${socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`;
}
