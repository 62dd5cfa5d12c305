import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import type { Environment } from '../../../base/environment.js';
import { findPackage } from '../../../files/find-package.js';
import { isKeychainError, KeychainError, keychainError } from '../errors.js';
import { sessionBusAddress } from '../linux/dbus-connection.js';
import type { KeychainOptions } from '../options.js';
import { KEYCHAIN_PROGRAM } from './helper-script.js';

/** The calls of the native addon. `findCredentials` is not one of them, since it crashes on a locked GNOME keyring. */
export interface Keychain {
  get(account: string): Promise<string | null>;
  set(account: string, password: string): Promise<void>;
  /** Deletes an entry. Returns false if it did not exist. */
  delete(account: string): Promise<boolean>;
}

type Child = ChildProcessByStdio<Writable, Readable, null>;

const SERVICE = 'vastai';

/** Time after the limit at which the helper ends itself, in case this process is suspended and cannot kill it. */
const GRACE_MS = 1000;

/** Variables that a keychain needs. The helper gets no others, such as the key or the user's NODE_OPTIONS. */
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
 * Runs `work` with a helper process that calls the keychain.
 *
 * A native call that hangs can only be ended by killing its process. Keys pass through standard input and output, never
 * through arguments or the environment.
 *
 * @param signal kills the process, so that a pending call fails
 * @throws KeychainError if the addon is missing, or returns an error.
 */
export async function withKeychain<T>(
  options: Pick<KeychainOptions, 'environment' | 'cliRoot'>,
  signal: AbortSignal,
  limitMs: number,
  work: (keychain: Keychain) => Promise<T>,
): Promise<T> {
  const child = start(addonOf(options.cliRoot), options.environment, signal, limitMs);
  const answer = responsesOf(child);
  const call = async (name: string, ...args: string[]) => {
    child.stdin.write(`${JSON.stringify([name, SERVICE, ...args])}\n`);
    const { value, error } = await answer();
    if (error === undefined) return value;
    const password = args[1];
    throw keychainError(password === undefined ? error : error.replaceAll(password, '…'));
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
    // The folder of the CLI does not exist.
  }
  throw new KeychainError('keychain_missing', 'The keychain addon (keytar) is not installed.');
}

function start(addon: string, environment: Environment, signal: AbortSignal, limitMs: number): Child {
  try {
    const program = ['--input-type=commonjs', '-e', KEYCHAIN_PROGRAM, addon, String(limitMs + GRACE_MS)];
    const child = spawn(process.execPath, program, {
      // Not the current folder, which may not exist, or may belong to anybody.
      cwd: addon,
      env: childEnvironment(environment),
      stdio: ['pipe', 'pipe', 'ignore'],
      windowsHide: true,
      signal,
      killSignal: 'SIGKILL',
    });
    // The missing response shows that the helper ended early.
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

/** Returns a function that reads the next response of the helper. */
function responsesOf(child: Child): () => Promise<ApiResponse> {
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
      // Without the cause: the error of a parser quotes its input, which may be a key.
      throw isKeychainError(error) ? error : helperEnded();
    }
  };
}

function helperEnded(cause?: unknown): KeychainError {
  return new KeychainError('keychain_error', 'The keychain helper exited without a response.', cause);
}
