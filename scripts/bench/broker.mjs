import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { run } from './measure.mjs';
import { quartiles } from './statistics.mjs';

const CLIENT = fileURLToPath(new URL('broker-client.mjs', import.meta.url));
const REQUESTS_PER_PAIR = 25;
const SECONDS_PER_PAIR = 3;
const FEW_CONNECTIONS = 1000;
/** Linux keeps a connection in its table for a minute after its end. */
const LONGEST_IN_TABLE_MS = 70_000;

/**
 * Measures what a program behind `exec --broker` has more, or less, than one behind `exec`.
 *
 * @typedef {'start' | 'kept' | 'fresh' | 'rate' | 'memory' | 'descriptors'} Figure milliseconds, requests a second, MiB or descriptors
 */
export class BrokerBench {
  #harness;
  #pairs;
  /** What one run of the client returned, by its Node and what it measured. */
  #measured = new Map();

  /** @param {number} pairs how many pairs of runs are measured; with 20, the load takes a minute */
  constructor(harness, pairs) {
    this.#harness = harness;
    this.#pairs = pairs;
  }

  /** @param {Figure} figure */
  async measure(figure, node, cli) {
    if (figure === 'start') return this.#start(node, cli);
    const once = (name, take) => {
      const key = `${node} ${name}`;
      if (!this.#measured.has(key)) this.#measured.set(key, take());
      return this.#measured.get(key);
    };
    if (figure === 'kept' || figure === 'fresh') {
      const more = await once('latency', () => this.#latency(node, cli));
      return more[figure];
    }
    const seconds = String(this.#pairs * SECONDS_PER_PAIR);
    return (await once('load', () => this.#client(node, cli, ['--broker'], ['load', seconds])))[figure];
  }

  async #start(node, cli) {
    const command = (flags) => this.#exec(node, cli, flags, [node, '-e', '0']);
    const more = [];
    for (let index = -3; index < this.#pairs; index += 1) {
      const plain = (await run(command([]))).milliseconds;
      const behind = (await run(command(['--broker']))).milliseconds;
      if (index >= 0) more.push(behind - plain);
    }
    return quartiles(more).median;
  }

  async #latency(node, cli) {
    const what = ['latency', String(this.#pairs * REQUESTS_PER_PAIR)];
    await connectionsAreFew();
    const plain = await this.#client(node, cli, [], what);
    const behind = await this.#client(node, cli, ['--broker'], what);
    return { kept: behind.kept - plain.kept, fresh: behind.fresh - plain.fresh };
  }

  #exec(node, cli, flags, program) {
    const command = this.#harness.subject(node, cli, { what: 'exec', key: 'file', output: 'none' });
    return { ...command, args: [...command.args, ...flags, '--', ...program] };
  }

  /** Runs the client, and returns what it printed. */
  async #client(node, cli, flags, what) {
    const { program, args, env, cwd } = this.#exec(node, cli, flags, [node, CLIENT, ...what]);
    const child = spawn(program, args, { env, cwd, stdio: ['ignore', 'pipe', 'inherit'] });
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      printed += text;
    });
    await new Promise((resolve) => child.once('close', resolve));
    return JSON.parse(printed);
  }
}

/**
 * Waits until the connections of an earlier load have left the table in which the broker looks for the user of a new one. With
 * thousands of them, that takes several times as long, so that the second Node would seem slower than the first.
 */
async function connectionsAreFew() {
  const end = Date.now() + LONGEST_IN_TABLE_MS;
  const count = () => readFileSync('/proc/net/tcp', 'latin1').split('\n').length;
  while (count() > FEW_CONNECTIONS && Date.now() < end) await sleep(1000);
}
