import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startApi } from './api.mjs';
import { environment } from './environment.mjs';
import { BenchError } from './failure.mjs';
import { startKeychain } from './keychain.mjs';
import { PERMISSION_FILE, WITH_ENV_KEY } from './rows.mjs';

/**
 * @typedef {object} Subject a CLI that is measured
 * @property {'checkout' | 'installed'} name
 * @property {string} bin the script that starts it
 * @property {string} data its data folder, for XDG_DATA_HOME
 */

const YARDSTICK = fileURLToPath(new URL('yardstick.cjs', import.meta.url));

/** What commands need around them: an API, a key that is worth nothing elsewhere, and homes that have it or not. */
export class Stage {
  #scratch;
  #key = randomBytes(32).toString('hex');
  #keychain;

  /** @param {string} scratch */
  constructor(scratch) {
    this.#scratch = scratch;
  }

  /**
   * Starts the API, and saves the key in a file.
   *
   * @param {Subject} subject the one that saves it
   * @throws {BenchError} if it cannot be saved
   */
  async open(subject) {
    this.api = await startApi(environment(this.#scratch, 'api'));
    copyFileSync(new URL(PERMISSION_FILE, import.meta.url), join(this.#scratch, PERMISSION_FILE));
    this.#save(subject, 'file');
  }

  /**
   * Starts a keychain, and saves the key in it.
   *
   * @param {Subject} subject the one that saves it
   * @throws {Error} if there is none to be had on this machine, or the key cannot be saved
   */
  async openKeychain(subject) {
    const folder = join(this.#scratch, 'keychain');
    this.#keychain = await startKeychain(folder, environment(this.#scratch, 'keychain'));
    this.#save(subject, 'keychain');
  }

  close() {
    this.#keychain?.stop();
    this.api?.stop();
  }

  /**
   * @param {Subject} subject
   * @param {import('./other-node.mjs').NodeProgram} node
   * @param {Pick<import('./rows.mjs').Row, 'args' | 'home' | 'envKey'>} row
   * @returns {import('./run.mjs').Command}
   */
  ours(subject, node, row) {
    return this.#command(`vastai ${row.args.join(' ')}`, [node.program, subject.bin, ...row.args], {
      ...this.#home(row.home),
      VAST_URL: this.api.url,
      XDG_DATA_HOME: subject.data,
      ...(row.envKey && { VAST_API_KEY: this.#key }),
    });
  }

  /**
   * @param {Subject} subject
   * @param {import('./other-node.mjs').NodeProgram} node
   * @param {import('./rows.mjs').Row['by']} which
   * @returns {import('./run.mjs').Command}
   */
  yardstick(subject, node, which) {
    if (which === 'env') return this.ours(subject, node, WITH_ENV_KEY);
    if (which === 'node') return this.#command('node -e 0', [node.program, '-e', '0'], this.#home('empty'));
    return this.#command('the bare script', [node.program, YARDSTICK], this.#withKey());
  }

  /**
   * @param {readonly string[]} words
   * @returns {import('./run.mjs').Command}
   */
  peer(words) {
    // Its paths, where it has any, are those of whoever named it.
    return { ...this.#command(words.join(' '), words, this.#withKey()), cwd: process.cwd() };
  }

  #command(name, [program, ...args], env) {
    return { name, program, args, env, cwd: this.#scratch };
  }

  #withKey() {
    return { ...this.#home('empty'), VAST_URL: this.api.url, VAST_API_KEY: this.#key };
  }

  #home(name) {
    const variables = environment(this.#scratch, name);
    return name === 'keychain' ? { ...variables, ...this.#keychain?.env } : variables;
  }

  /** Saves the key as a user does, in the home that is named after the store. */
  #save(subject, store) {
    const args = ['set', 'api-key', '-', '--storage', store, '--no-verify'];
    const { status, stderr } = spawnSync(process.execPath, [subject.bin, ...args], {
      env: { ...this.#home(store), VAST_URL: this.api.url, XDG_DATA_HOME: subject.data },
      input: this.#key,
      encoding: 'utf8',
    });
    if (status !== 0) throw new BenchError(`vastai ${args.join(' ')} ended with ${status}.\n${stderr}`);
  }
}
