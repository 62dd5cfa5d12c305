import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { installed } from './programs.js';

const run = promisify(execFile);

const PROGRAMS = ['dbus-daemon', 'dbus-send', 'gnome-keyring-daemon', 'secret-tool'];
const PASSWORD = 'of the keyring';
const PATIENCE_MS = 10_000;

/** Variables that lead a program to a private session bus. */
export interface BusEnvironment {
  readonly DBUS_SESSION_BUS_ADDRESS: string;
  readonly XDG_RUNTIME_DIR: string;
}

export interface SessionBus {
  readonly env: BusEnvironment;
  stop(): Promise<void>;
}

export interface SecretService extends SessionBus {
  /** Locks the collection that keys are kept in. */
  lock(): Promise<void>;
  /** Unlocks it, by starting the service again from its files. */
  unlock(): Promise<void>;
  /** Pauses the service: calls reach it and get no response. */
  freeze(): void;
  thaw(): void;
  /** Makes the bus available as `bus` in XDG_RUNTIME_DIR, as systemd does. */
  publishSocket(): Promise<void>;
  /** Makes another collection the one that new entries go to; `session` lives in memory only. */
  setDefault(collection: 'login' | 'session'): Promise<void>;
  /** Returns what `secret-tool` sees; `undefined` when it sees nothing. */
  lookup(account: string): Promise<string | undefined>;
  /** Lets `secret-tool` write an entry; the collection `session` is not the one that keys go to. */
  store(account: string, secret: string | Uint8Array, collection?: 'session'): Promise<void>;
  /** Lets `secret-tool` remove an entry, if there is one. */
  clear(account: string): Promise<void>;
}

/** Returns whether this machine has what `startSecretService` starts; tests are skipped where something is missing. */
export function secretServiceInstalled(): boolean {
  return installed(...PROGRAMS);
}

export interface SecretServiceOptions {
  /** `silent`: the program that asks for passwords starts, shows nothing and never responds. None by default. */
  readonly prompter?: 'silent';
  /** `none`: nobody ever logged in, so there is no collection to keep anything in. */
  readonly collection?: 'none';
}

/** Starts a session bus of its own, on which there is no keychain. */
export async function startSessionBus(): Promise<SessionBus> {
  return (await startBus({})).bus;
}

/** Starts a real Secret Service, gnome-keyring, unlocked and empty, on a session bus of its own. */
export async function startSecretService(options: SecretServiceOptions = {}): Promise<SecretService> {
  const { bus, folder, keep } = await startBus(options);
  const dataFolder = join(folder, 'data');
  await mkdir(dataFolder);
  const env = { ...baseEnvironment(), ...bus.env, XDG_DATA_HOME: dataFolder };

  const startDaemon = async () => {
    const mode = options.collection === 'none' ? [] : ['--unlock'];
    const daemon = spawn('gnome-keyring-daemon', ['--foreground', ...mode, '--components=secrets'], {
      env,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    await keep(daemon);
    daemon.stdin.end(PASSWORD);
    await until(() => hasOwner(bus.env, 'org.freedesktop.secrets'), 'no Secret Service came up');
    return daemon;
  };
  let daemon = await startDaemon();

  const call = (method: string, ...args: string[]) => {
    const [service, root] = ['org.freedesktop.secrets', '/org/freedesktop/secrets'];
    return send(bus.env, service, root, `org.freedesktop.Secret.Service.${method}`, ...args);
  };

  return {
    ...bus,
    async lock() {
      await call('Lock', 'array:objpath:/org/freedesktop/secrets/collection/login');
    },
    async setDefault(collection) {
      const path = `objpath:/org/freedesktop/secrets/collection/${collection}`;
      await call('SetAlias', 'string:default', path);
    },
    async unlock() {
      const ended = once(daemon, 'exit');
      daemon.kill('SIGKILL');
      await ended;
      await until(
        async () => !(await hasOwner(bus.env, 'org.freedesktop.secrets')),
        'the Secret Service stays',
      );
      daemon = await startDaemon();
    },
    freeze: () => void daemon.kill('SIGSTOP'),
    thaw: () => void daemon.kill('SIGCONT'),
    publishSocket: () => symlink(join(folder, 'bus'), join(bus.env.XDG_RUNTIME_DIR, 'bus')),
    async lookup(account) {
      const found = await run('secret-tool', ['lookup', 'service', 'vastai', 'account', account], {
        env,
      }).catch(() => undefined);
      return found?.stdout;
    },
    async clear(account) {
      // It fails where there is nothing.
      await run('secret-tool', ['clear', 'service', 'vastai', 'account', account], { env }).catch(() => {});
    },
    async store(account, secret, collection) {
      const schema = ['xdg:schema', 'org.freedesktop.Secret.Generic'];
      const where = collection === undefined ? [] : ['--collection', collection];
      const entry = [
        'store',
        '--label',
        'test',
        ...where,
        ...schema,
        'service',
        'vastai',
        'account',
        account,
      ];
      const tool = spawn('secret-tool', entry, { env, stdio: ['pipe', 'ignore', 'inherit'] });
      tool.stdin.end(secret);
      const [status] = await once(tool, 'exit');
      if (status !== 0) throw new Error('secret-tool could not store an entry');
    },
  };
}

async function startBus({ prompter }: SecretServiceOptions) {
  const folder = await mkdtemp(join(tmpdir(), 'vastai-bus-'));
  const { keep, end } = startUndertaker(folder);
  const runtimeFolder = join(folder, 'run');
  const servicesFolder = join(folder, 'services');
  await mkdir(runtimeFolder, { mode: 0o700 });
  await mkdir(servicesFolder);
  if (prompter === 'silent') {
    // The bus starts it, and waits for it in vain.
    const program = `/bin/sh -c "echo $$ >> ${folder}/started; exec sleep 60"`;
    const service = `[D-BUS Service]\nName=org.gnome.keyring.SystemPrompter\nExec=${program}\n`;
    await writeFile(join(servicesFolder, 'prompter.service'), service);
  }
  const config = join(folder, 'bus.conf');
  await writeFile(config, busConfig(join(folder, 'bus'), servicesFolder));

  const daemon = spawn('dbus-daemon', ['--nofork', '--print-address', `--config-file=${config}`], {
    env: baseEnvironment(),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await keep(daemon);
  const [address] = await once(daemon.stdout.setEncoding('utf8'), 'data');
  const env: BusEnvironment = {
    DBUS_SESSION_BUS_ADDRESS: String(address).trim(),
    XDG_RUNTIME_DIR: runtimeFolder,
  };
  const bus: SessionBus = { env, stop: end };
  return { bus, folder, keep };
}

/**
 * Starts a shell that kills what was started and removes the folder as soon as its standard input ends:
 * when a test stops it, and just as well when the whole test run is killed.
 */
function startUndertaker(folder: string) {
  // What ended long ago may have left its number to a process of somebody else: only what knows the folder is killed.
  const script = [
    'while read -r pid; do echo $pid >> "$1/started"; done',
    'for pid in $(cat "$1/started"); do',
    '  grep -qasF -e "$1" "/proc/$pid/cmdline" "/proc/$pid/environ" && kill -KILL $pid',
    'done',
    'rm -rf -- "$1"',
  ].join('\n');
  const shell = spawn('sh', ['-c', script, 'sh', folder], { stdio: ['pipe', 'ignore', 'ignore'] });
  const ended = once(shell, 'exit');
  return {
    async keep(child: ChildProcess) {
      if (child.pid === undefined) await once(child, 'spawn');
      shell.stdin.write(`${child.pid}\n`);
    },
    async end() {
      shell.stdin.end();
      await ended;
    },
  };
}

/** Configures a bus that starts only what a test put on it: never the keychain of the person who runs the test. */
function busConfig(socket: string, servicesFolder: string): string {
  return `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=${socket}</listen>
  <auth>EXTERNAL</auth>
  <servicedir>${servicesFolder}</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`;
}

async function hasOwner(env: BusEnvironment, name: string): Promise<boolean> {
  const bus = 'org.freedesktop.DBus';
  return (await send(env, bus, '/org/freedesktop/DBus', `${bus}.NameHasOwner`, `string:${name}`)).includes(
    'boolean true',
  );
}

/** Calls a method with the bus's own tool; returns what that prints. */
async function send(env: BusEnvironment, service: string, object: string, method: string, ...args: string[]) {
  const where = [`--bus=${env.DBUS_SESSION_BUS_ADDRESS}`, '--print-reply', `--dest=${service}`];
  return (await run('dbus-send', [...where, object, method, ...args], { env: baseEnvironment() })).stdout;
}

async function until(condition: () => Promise<boolean>, complaint: string): Promise<void> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (Date.now() > giveUpAt) throw new Error(complaint);
    await sleep(20);
  }
}

/** Returns variables without a display, so that nothing can show a prompt, and without a home of the user's. */
function baseEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: '/nonexistent', LC_ALL: 'C.UTF-8' };
}
