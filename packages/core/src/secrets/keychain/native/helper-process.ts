import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import type { Environment } from '../../../base/environment.js';
import { findPackage } from '../../../files/find-package.js';
import { KeychainError, refusal } from '../errors.js';
import { sessionBusAddress } from '../linux/dbus-connection.js';
import type { KeychainOptions } from '../options.js';
import { KEYCHAIN_PROGRAM } from './helper-script.js';

/** The native calls that are used. `findCredentials` is none of them: it crashes on a locked GNOME keyring. */
export interface Keychain {
  get(account: string): Promise<string | null>;
  set(account: string, password: string): Promise<void>;
  /** Says whether something was deleted. */
  delete(account: string): Promise<boolean>;
}

type Child = ChildProcessByStdio<Writable, Readable, null>;

const SERVICE = 'vastai';

/** After its own limit the child gives up by itself, should this process be stopped and never come to kill it. */
const GRACE_MS = 1000;

/** What a keychain needs of the outer environment; the key, the user's NODE_OPTIONS and the like stay out. */
const PASSED_ON: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ['HOME', 'USER', 'LOGNAME', 'TMPDIR', '__CF_USER_TEXT_ENCODING'],
  win32: [
    'SystemRoot',
    'SystemDrive',
    'USERPROFILE',
    'USERNAME',
    'USERDOMAIN',
    'APPDATA',
    'LOCALAPPDATA',
    'TEMP',
    'TMP',
  ],
};
const PASSED_ON_ELSEWHERE = ['HOME', 'LD_LIBRARY_PATH'];

/**
 * Calls the keychain in a process of its own, for as long as `work` lasts.
 *
 * A native call that hangs cannot be ended inside a process; a process can. Keys go through its standard
 * input and output, never through its arguments or its environment.
 *
 * @param signal kills the process; a pending call then fails.
 * @throws KeychainError when there is no addon, or it refuses.
 */
export async function withKeychain<T>(
  options: Pick<KeychainOptions, 'environment' | 'cliRoot'>,
  signal: AbortSignal,
  limitMs: number,
  work: (keychain: Keychain) => Promise<T>,
): Promise<T> {
  const child = start(addonOf(options.cliRoot), options.environment, signal, limitMs);
  const answer = answersOf(child);
  const call = async (name: string, ...args: string[]) => {
    child.stdin.write(`${JSON.stringify([name, SERVICE, ...args])}\n`);
    const { value, error } = await answer();
    if (error === undefined) return value;
    const password = args[1];
    throw refusal(password === undefined ? error : error.replaceAll(password, '…'));
  };
  try {
    const { error } = await answer();
    if (error !== undefined) {
      throw new KeychainError(
        'keychain_missing',
        'The keychain addon (keytar) does not load on this system.',
      );
    }
    return await work({
      get: async (account) => {
        const value = await call('getPassword', account);
        return typeof value === 'string' ? value : null;
      },
      set: async (account, password) => void (await call('setPassword', account, password)),
      delete: async (account) => (await call('deletePassword', account)) === true,
    });
  } finally {
    child.kill('SIGKILL');
    child.stdin.destroy();
    child.stdout.destroy();
    child.unref();
  }
}

function addonOf(cliRoot: string): string {
  try {
    const addon = findPackage('keytar', realpathSync(cliRoot));
    if (addon !== undefined) return addon;
  } catch {
    // A CLI without a folder has no addon.
  }
  throw new KeychainError('keychain_missing', 'The keychain addon (keytar) is not installed.');
}

function start(addon: string, environment: Environment, signal: AbortSignal, limitMs: number): Child {
  try {
    const program = ['--input-type=commonjs', '-e', KEYCHAIN_PROGRAM, addon, String(limitMs + GRACE_MS)];
    const child = spawn(process.execPath, program, {
      // Not the current folder: it may be gone, and it may be anybody's.
      cwd: addon,
      env: childEnvironment(environment),
      stdio: ['pipe', 'pipe', 'ignore'],
      windowsHide: true,
      signal,
      killSignal: 'SIGKILL',
    });
    // A child that ends early is noticed by its answer that never comes.
    child.on('error', () => {});
    child.stdin.on('error', () => {});
    return child;
  } catch (error) {
    throw helperEnded(error);
  }
}

function childEnvironment(environment: Environment): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {};
  for (const name of PASSED_ON[process.platform] ?? PASSED_ON_ELSEWHERE) {
    if (process.env[name] !== undefined) env[name] = process.env[name];
  }
  const address = sessionBusAddress(environment);
  if (address !== undefined) env.DBUS_SESSION_BUS_ADDRESS = address;
  if (environment.XDG_RUNTIME_DIR !== undefined) env.XDG_RUNTIME_DIR = environment.XDG_RUNTIME_DIR;
  return env;
}

interface ApiResponse {
  readonly value?: unknown;
  readonly error?: string;
}

/** Gives the child's lines one by one. */
function answersOf(child: Child): () => Promise<ApiResponse> {
  const chunks: AsyncIterator<string> = child.stdout.setEncoding('utf8')[Symbol.asyncIterator]();
  let text = '';
  return async () => {
    try {
      let end: number;
      for (end = text.indexOf('\n'); end < 0; end = text.indexOf('\n')) {
        const chunk = await chunks.next();
        if (chunk.done === true) throw helperEnded();
        text += chunk.value;
      }
      const line = text.slice(0, end);
      text = text.slice(end + 1);
      return JSON.parse(line) as ApiResponse;
    } catch (error) {
      // The cause is left out: a parser quotes what it read, and that may be a key.
      throw error instanceof KeychainError ? error : helperEnded();
    }
  };
}

function helperEnded(cause?: unknown): KeychainError {
  return new KeychainError(
    'keychain_error',
    'The process that reaches the keychain ended without an answer.',
    cause,
  );
}
