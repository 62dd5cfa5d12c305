import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bold, dim, wrap } from './style.mjs';

/** Reports a step of the demo that did not do what it should. */
export class StepError extends Error {}

/**
 * Runs commands as they are typed, and shows each with its output. Words in capitals that `name` was told of, such
 * as YOUR_API_KEY, are replaced for the process alone.
 */
export class Shell {
  #vastai;
  #folder;
  #env;
  #sandbox;
  #showsRequests;
  #values = new Map();
  #child;
  /** The number of commands run so far. */
  count = 0;

  /** @param vastai the script that starts the CLI @param folder where its commands run */
  constructor({ vastai, folder, env, sandbox, showsRequests }) {
    this.#vastai = vastai;
    this.#folder = folder;
    this.#env = env;
    this.#sandbox = sandbox;
    this.#showsRequests = showsRequests;
    // No process may outlive the demo, or write to its home during removal.
    process.prependListener('exit', () => this.#child?.kill('SIGKILL'));
  }

  /** Types `name` where `value` is meant. */
  name(name, value) {
    this.#values.set(name, value);
  }

  export(name, value) {
    this.#show(`export ${name}="${value}"`);
    this.#env[name] = value;
  }

  unset(name) {
    this.#show(`unset ${name}`);
    delete this.#env[name];
  }

  /**
   * Runs `[NAME=value] vastai …`, and returns what it printed, both streams in the order of a terminal.
   *
   * @param expected the exit status, strings that the output must have, and how many requests the command must make;
   *   `lines` says after how many the output is cut
   * @throws StepError if the command did something else
   */
  async run(typed, { status: expectedStatus = 0, shows = [], requests = 1, lines = Infinity } = {}) {
    this.#show(typed);
    const { assignments, words } = this.#parse(typed);
    const before = this.#sandbox.requests.length;
    const { status, output } = await this.#start(words, { ...this.#env, ...assignments });
    this.#print(output, lines);
    const made = this.#sandbox.requests.slice(before);
    if (status !== 0) console.log(dim(`(exit status ${status})`));
    if (this.#showsRequests) {
      for (const request of made) console.log(dim(wrap(`→ ${this.#sandbox.print(request)}`)));
    }
    this.count += 1;
    const problem = [
      status !== expectedStatus && `ended with status ${status} instead of ${expectedStatus}`,
      made.length !== requests && `made ${made.length} instead of ${requests} requests`,
      ...shows.map((text) => !output.includes(text) && `did not print ${JSON.stringify(text)}`),
    ].find(Boolean);
    if (problem) throw new StepError(`"${typed}" ${problem}.`);
    return output;
  }

  #show(typed) {
    console.log(`\n${bold(wrap(`$ ${typed}`))}`);
  }

  #print(output, most) {
    const all = output.trimEnd().split('\n');
    console.log(wrap(all.slice(0, most).join('\n').trimEnd()));
    if (all.length > most) console.log(dim(`(${all.length - most} more lines)`));
  }

  #parse(typed) {
    const words = (typed.match(/"[^"]*"|[^\s"]+/gu) ?? []).map((word) => word.replaceAll('"', ''));
    const assignments = {};
    while (words[0]?.includes('=')) {
      const [name, value] = words.shift().split('=');
      assignments[name] = this.#meant(value);
    }
    if (words.shift() !== 'vastai') throw new Error(`Not a vastai command: ${typed}`);
    return { assignments, words: words.map((word) => this.#meant(word)) };
  }

  #meant(word) {
    return this.#values.get(word) ?? word;
  }

  /** Sends both streams to one file, since two pipes would lose the order. */
  async #start(words, env) {
    const transcript = join(this.#folder, '.transcript');
    const file = openSync(transcript, 'w');
    this.#child = spawn(process.execPath, [this.#vastai, ...words], {
      cwd: this.#folder,
      env,
      stdio: ['ignore', file, file],
    });
    const status = await new Promise((resolve, reject) => {
      this.#child.on('error', reject);
      this.#child.on('close', (code, signal) => resolve(code ?? signal));
    });
    closeSync(file);
    return { status, output: readFileSync(transcript, 'utf8') };
  }
}
