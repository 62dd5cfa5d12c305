import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bold, dim } from './style.mjs';

/** A step of the demo did not do what the page says. */
export class StepError extends Error {}

/**
 * Runs commands as they are typed, and shows each with its output. Words in capitals that `values` knows, such
 * as YOUR_API_KEY, are typed by that name and replaced for the process alone.
 */
export class Shell {
  #vastai;
  #folder;
  #env;
  #values = new Map();
  #child;
  /** How many commands were run. */
  count = 0;

  /** @param vastai the script that starts the CLI @param folder where its commands run */
  constructor(vastai, folder, env) {
    this.#vastai = vastai;
    this.#folder = folder;
    this.#env = env;
    // Nothing outlives the demo, or writes to its home while that is removed.
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
   * Runs `[NAME=value] vastai …` and gives back what it printed, both streams in the order in which a terminal
   * shows them.
   *
   * @param expected the exit status (0 if absent) and texts that the output must have
   * @throws StepError if the command did something else
   */
  async run(typed, { status: expectedStatus = 0, shows = [] } = {}) {
    this.#show(typed);
    const { assignments, words } = this.#parse(typed);
    const { status, output } = await this.#start(words, { ...this.#env, ...assignments });
    process.stdout.write(output);
    if (status !== 0) console.log(dim(`(exit status ${status})`));
    this.count += 1;
    if (status !== expectedStatus) {
      throw new StepError(`"${typed}" ended with status ${status} instead of ${expectedStatus}.`);
    }
    for (const text of shows) {
      if (!output.includes(text)) throw new StepError(`"${typed}" did not print ${JSON.stringify(text)}.`);
    }
    return output;
  }

  #show(typed) {
    console.log(`\n${bold(`$ ${typed}`)}`);
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

  /** One file takes both streams, since two pipes would lose the order. */
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
      this.#child.on('close', resolve);
    });
    closeSync(file);
    return { status, output: readFileSync(transcript, 'utf8') };
  }
}
