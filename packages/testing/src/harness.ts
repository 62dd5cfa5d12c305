import { randomBytes } from 'node:crypto';
import {
  type NewSandboxKey,
  type Sandbox,
  type SandboxOptions,
  startSandbox,
} from '@vastai-cli/sandbox/server';
import { createHome, type TestHome } from './home.js';
import { KEY_FILE } from './places.js';
import { type Ran, type Running, type RunOptions, startNode } from './run.js';
import { openTerminalSession, type TerminalOptions, type TerminalSession } from './terminal-session.js';
import { recordKey } from './transcript.js';

/** Holds a sandbox of the API, a home, and ways to run the CLI in them. */
export interface Harness {
  readonly sandbox: Sandbox;
  readonly home: TestHome;
  /** Runs `vastai …args` in the home, against the sandbox. Sets no key unless `env` contains one. */
  vastai(args: readonly string[], options?: Partial<RunOptions>): Promise<Ran>;
  /** Starts the command without waiting for it to end. */
  start(args: readonly string[], options?: Partial<RunOptions>): Running;
  /** Runs the command on a terminal. */
  onTerminal(args: readonly string[], options?: Partial<TerminalOptions>): TerminalSession;
  /** Adds a key to the sandbox. The test run fails if a command prints it. */
  addKey(key: NewSandboxKey): Promise<{ readonly id: number; readonly value: string }>;
  /** Returns a key that the sandbox does not know. The test run fails if a command prints it. */
  unknownKey(): Promise<string>;
  /** Saves a key (by default, that of the sandbox) in the key file of the default profile, and returns its path. */
  saveKey(key?: string): Promise<string>;
  /** Returns the requests so far, each in the form `GET /api/v0/users/current/`. */
  asked(): string[];
  close(): Promise<void>;
}

/**
 * Starts a sandbox and creates a home for the CLI. Call `close` when the test ends.
 *
 * @param bin the script that starts the CLI
 */
export async function createHarness(bin: string, options: SandboxOptions = {}): Promise<Harness> {
  const [sandbox, home] = await Promise.all([startSandbox(options), createHome()]);
  await recordKey(sandbox.key);
  const placed = <More extends { env?: RunOptions['env'] }>(more: More) => ({
    cwd: home.path,
    ...more,
    env: { ...home.env, VAST_URL: sandbox.url, ...more.env },
  });
  const start: Harness['start'] = (args, more = {}) => startNode(bin, args, placed(more));
  return {
    sandbox,
    home,
    start,
    vastai: (args, more) => start(args, more).ended,
    onTerminal: (args, more = {}) => openTerminalSession(bin, args, placed(more)),
    async addKey(key) {
      const added = sandbox.addKey(key);
      await recordKey(added.value);
      return added;
    },
    async unknownKey() {
      const key = randomBytes(32).toString('hex');
      await recordKey(key);
      return key;
    },
    saveKey: (key = sandbox.key) => home.write(KEY_FILE, key),
    asked: () =>
      sandbox.requests.map(({ method, path, query }) => `${method} ${path}${query && `?${query}`}`),
    async close() {
      // A session is as secret as a key, and only the sandbox knows those that commands began.
      await Promise.all(sandbox.twoFactor.sessionValues().map(recordKey));
      await Promise.all([sandbox.close(), home.remove()]);
    },
  };
}
