import { spawn } from 'node:child_process';
import { checkDocument } from './contract.js';
import { recordRun } from './transcript.js';

/** What a process did. */
export interface Ran {
  /** `null` when a signal ended it. */
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as the one JSON document that it is. @throws SyntaxError when it is anything else. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into documents of any shape
  json(): any;
}

export interface RunOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** What standard input holds; without it, it is empty. */
  readonly input?: string | Uint8Array;
  /** Whether a key on standard output is what this command is for. */
  readonly printsKey?: boolean;
  /** The Node that runs it, if not the one that runs the test. */
  readonly node?: string;
  /** A program, and its arguments, that starts Node: one that takes rights away from it, say. */
  readonly through?: readonly string[];
}

/** A process that is under way. */
export interface Running {
  /** `undefined` where it could not be started. */
  readonly pid: number | undefined;
  readonly ended: Promise<Ran>;
  /** What it has written to standard error so far. */
  stderr(): string;
  kill(signal: NodeJS.Signals): void;
}

/** Starts a Node program as a process of its own. What it prints is searched for keys later; a document has to keep the contract. */
export function startNode(script: string, args: readonly string[], options: RunOptions): Running {
  const [program, ...before] = [...(options.through ?? []), options.node ?? process.execPath];
  const child = spawn(program as string, [...before, script, ...args], {
    env: definedOnly(options.env),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    stdio: 'pipe',
  });
  // A program that ends without reading its input is no fault of the test.
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

async function collect(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

/** `undefined` takes a variable out. */
export function definedOnly(env: RunOptions['env']): Record<string, string> {
  const entries = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}
