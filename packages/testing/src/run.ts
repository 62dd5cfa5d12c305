import { spawn } from 'node:child_process';
import { checkDocument } from './contract.js';
import { recordRun } from './transcript.js';

/** Holds the result of a process. */
export interface Outcome {
  /** `null` if a signal ended it. */
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Holds the result of a command. */
export interface Ran extends Outcome {
  /** Parses standard output as one JSON document. @throws SyntaxError if it is anything else */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into documents of any shape
  json(): any;
}

export interface RunOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Standard input (default: empty). */
  readonly input?: string | Uint8Array;
  /** Set if the command is meant to print a key on standard output. */
  readonly printsKey?: boolean;
  /** The Node executable (default: the one that runs the test). */
  readonly node?: string;
  /** A command prefix that starts Node, such as one that drops privileges. */
  readonly through?: readonly string[];
}

/** Controls a running process. */
export interface Running {
  /** `undefined` if it could not be started. */
  readonly pid: number | undefined;
  readonly ended: Promise<Ran>;
  /** Returns its standard error so far. */
  stderr(): string;
  kill(signal: NodeJS.Signals): void;
}

/**
 * Starts a Node program as a separate process. The run fails if its output contains a key, or if a `--json` document
 * does not match its schema.
 */
export function startNode(script: string, args: readonly string[], options: RunOptions): Running {
  const [program, ...before] = [...(options.through ?? []), options.node ?? process.execPath];
  const child = spawn(program as string, [...before, script, ...args], {
    env: definedOnly(options.env),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    stdio: 'pipe',
  });
  // The program may exit without reading its input, which is not an error here.
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
    // The output is complete only once both streams are closed.
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

/** Runs a Node program to its end, with only these variables and PATH. */
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

/** Returns the variables without those that are `undefined`. */
export function definedOnly(env: RunOptions['env']): Record<string, string> {
  const entries = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}
