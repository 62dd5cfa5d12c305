import { spawn } from 'node:child_process';
import { checkDocument } from './contract.js';
import { recordRun } from './transcript.js';

/** A process that has ended. */
export interface Outcome {
  /** `null` when a signal ended it. */
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that has ended. */
export interface Ran extends Outcome {
  /** Parses standard output as one JSON document. @throws SyntaxError if it is anything else */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into documents of any shape
  json(): any;
}

export interface RunOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Standard input; empty by default. */
  readonly input?: string | Uint8Array;
  /** Allows a key on standard output, for a command that is meant to print one. */
  readonly printsKey?: boolean;
  /** The Node that runs it; by default the one that runs the test. */
  readonly node?: string;
  /** A program, with its arguments, that starts Node: one that takes rights away from it, for example. */
  readonly through?: readonly string[];
}

/** A running process. */
export interface Running {
  /** `undefined` where it could not be started. */
  readonly pid: number | undefined;
  readonly ended: Promise<Ran>;
  /** Returns what it has written to standard error so far. */
  stderr(): string;
  kill(signal: NodeJS.Signals): void;
}

/**
 * Starts a Node program as a process of its own. Its output is searched for keys after the run, and a document of `--json` has
 * to fit its schema.
 */
export function startNode(script: string, args: readonly string[], options: RunOptions): Running {
  const [program, ...before] = [...(options.through ?? []), options.node ?? process.execPath];
  const child = spawn(program as string, [...before, script, ...args], {
    env: definedOnly(options.env),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    stdio: 'pipe',
  });
  // A program may end without reading its input.
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const end = new Promise<Pick<Ran, 'status' | 'signal'>>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => resolve({ status, signal }));
  });
  const outcome = async (): Promise<Ran> => {
    // The end of a process is known when both its streams are closed.
    const [stdout, ended] = await Promise.all([collect(child.stdout), end]);
    await recordRun(args, options.printsKey ? '' : stdout, errors);
    await checkDocument(script, args, stdout);
    return { ...ended, stdout, stderr: errors, json: () => JSON.parse(stdout) };
  };
  return {
    pid: child.pid,
    ended: outcome(),
    stderr: () => errors,
    kill: (signal) => void child.kill(signal),
  };
}

/** Runs a Node program to its end, with no variables but these and what finds programs. */
export async function runNode(
  command: readonly string[],
  env: Readonly<Record<string, string>>,
  input = '',
  cwd?: string,
): Promise<Outcome> {
  const [script = '', ...args] = command;
  const folder = cwd === undefined ? {} : { cwd };
  const ran = startNode(script, args, { env: { PATH: process.env.PATH, ...env }, input, ...folder });
  const { json: _, ...outcome } = await ran.ended;
  return outcome;
}

async function collect(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

/** Returns the variables that have a value: `undefined` takes one out. */
export function definedOnly(env: RunOptions['env']): Record<string, string> {
  const entries = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}
