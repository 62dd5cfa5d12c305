import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { installOfficialCli } from '../../packages/testing/dist/official-cli.js';
import { environmentIn } from '../home.mjs';
import { startKeychain } from './keychain.mjs';
import { run } from './measure.mjs';
import { secretlintArgs } from './scan.mjs';

const BARE_SCRIPT = fileURLToPath(new URL('bare-script.cjs', import.meta.url));
const BARE_COPY = fileURLToPath(new URL('bare-copy.cjs', import.meta.url));
const PATIENCE_MS = 10_000;
const USER = { id: 123456, username: 'you', email: 'you@example.com', credit: 25, ssh_key: 'ssh-rsa AAAA' };

/** A permission document of 1 KiB, in the usual format. */
const id = { gte: 10000, lte: 199999 };
const logs = { constraints: { id, lines: { gte: 1, lte: 100 } } };
const reboot = { constraints: { id, hard: { eq: false }, delay: { gte: 1, lte: 60 } } };
const byId = { constraints: { id } };
const PERMISSIONS = {
  billing_read: {},
  instance_read: { 'api.instance.show': byId, 'api.instance.request_logs': logs },
  instance_write: { 'api.instance.destroy': byId, 'api.instance.reboot': reboot },
  team_read: { 'api.team.members': {} },
  user_read: {},
};

/** Returns true if Python has the package `requests`, whose import takes most of the time of the official CLI. */
export function hasRequests() {
  return spawnSync('python3', ['-c', 'import requests'], { stdio: 'ignore' }).status === 0;
}

/** The parts of a list of users, 100 MB in all. */
function* largeList() {
  const rows = `${JSON.stringify(USER)},`.repeat(1000);
  yield '[';
  for (let bytes = 0; bytes < 100e6; bytes += rows.length) yield rows;
  yield `${JSON.stringify(USER)}]`;
}

/** Provides the measured commands with an API, a fake key, homes, and a keychain. */
export class Harness {
  /** The number of requests to the API so far. */
  requests = 0;
  #scratch;
  #key = randomBytes(32).toString('hex');
  #keychain = {};
  #url;

  /** @param {string} scratch an empty folder */
  constructor(scratch) {
    this.#scratch = scratch;
    writeFileSync(join(scratch, 'permissions.json'), `${JSON.stringify({ api: PERMISSIONS }, null, 2)}\n`);
  }

  async open() {
    const server = createServer((request, response) => {
      this.requests += 1;
      request.resume();
      response.setHeader('Content-Type', 'application/json');
      if (request.url === '/api/v0/large/') Readable.from(largeList()).pipe(response);
      else response.end(JSON.stringify(USER));
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#url = `http://127.0.0.1:${server.address().port}`;
  }

  /** Starts a keychain, and saves the key in it with the CLI once it responds. */
  async openKeychain(cli) {
    const folder = join(this.#scratch, 'keychain');
    this.#keychain = await startKeychain(folder, environmentIn(folder));
    const save = { what: 'set api-key - --storage keychain', key: 'keychain' };
    for (const giveUpAt = Date.now() + PATIENCE_MS; ; await sleep(100)) {
      try {
        return await run(this.subject(process.execPath, cli, save));
      } catch (error) {
        if (Date.now() > giveUpAt) throw error;
      }
    }
  }

  /**
   * Returns the command of a row, with the key on standard input if the command reads it there.
   *
   * @param {string} node the program
   * @param {{ bin: string, data: string }} cli
   * @param {Pick<import('./report.mjs').Row, 'what' | 'key' | 'output' | 'official' | 'ends'>} row
   */
  subject(node, { bin, data }, { what, key, output, official, ends = 0 }) {
    const args = what.split(',')[0].split(' ');
    const command = this.#command([node, bin, ...args], key);
    const env = { ...command.env, XDG_DATA_HOME: data, ...this.#pathWith(official) };
    return { ...command, env, output, ends, ...(args.includes('-') && { input: this.#key }) };
  }

  /** Returns the command that a row is measured against, if any. */
  yardstick(node, cli, { what, against, output }) {
    if (against === 'VAST_API_KEY') return this.subject(node, cli, { what });
    if (against === 'the official CLI') {
      const { OFFICIAL_REQUESTS, PATH } = this.#pathWith(true);
      const command = this.#command([join(PATH, 'vastai'), ...what.split(',')[0].split(' ')]);
      return { ...command, env: { ...command.env, OFFICIAL_REQUESTS } };
    }
    if (against === 'secretlint on a tenth') return this.#command([node, ...secretlintArgs()]);
    if (against === 'bare script') return this.#command([node, BARE_SCRIPT]);
    if (against === 'bare copy') return this.#command([node, BARE_COPY]);
    return against && { ...this.#command([node, '-e', '0']), output };
  }

  #command([program, ...args], key = 'environment') {
    const env = { ...environmentIn(join(this.#scratch, `key-in-${key}`)), VAST_URL: this.#url };
    if (key === 'file') this.#saveIn(env.HOME);
    else Object.assign(env, key === 'keychain' ? this.#keychain : { VAST_API_KEY: this.#key });
    return { program, args, env, cwd: this.#scratch };
  }

  /** Returns the variables with which the official CLI is found, or not. Nothing for a command that does not look for it. */
  #pathWith(official) {
    if (official === undefined) return {};
    const { bin } = installOfficialCli(join(this.#scratch, 'python'));
    return { PATH: official ? bin : join(this.#scratch, 'nothing'), OFFICIAL_REQUESTS: '1' };
  }

  #saveIn(home) {
    const folder = join(home, '.config', 'vastai');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, 'vast_api_key'), this.#key, { mode: 0o600 });
  }
}
