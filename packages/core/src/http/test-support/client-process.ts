import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withHosts } from '@vastai-cli/testing/hosts-file';
import { build } from 'esbuild';
import { onTestFinished } from 'vitest';
import { KEY_TEXT } from './loopback-server.js';

/** A program that sends one request. It is a process of its own, because Node reads its certificates at start. */
const PROGRAM = `
import { ApiKey } from '../../base/api-key.js';
import { Client } from '../client.js';
const { url, method, retries, timeoutMs } = JSON.parse(process.env.TEST_REQUEST);
const key = ApiKey.parse(process.env.VAST_API_KEY);
const client = new Client({ baseUrl: new URL(url), key, keySource: 'VAST_API_KEY', retries, timeoutMs, environment: process.env });
client.request({ method, path: '/api/v0/x/' }).then(
  (value) => console.log(JSON.stringify({ value })),
  ({ code, message, hint, outcomeUnknown }) => console.log(JSON.stringify({ error: { code, message, hint, outcomeUnknown } })),
);
`;

export interface ProcessRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly retries?: number;
  readonly timeoutMs?: number;
  /** The only hosts that the process can resolve, each as an address and a name. */
  readonly hosts?: readonly string[];
}

export interface ProcessOutcome {
  readonly value?: unknown;
  readonly error?: {
    readonly code: string;
    readonly message: string;
    readonly hint?: string;
    readonly outcomeUnknown?: boolean;
  };
}

/** Sends one request from its own process, and waits for its end. Returns the outcome, and everything it printed. */
export async function requestInProcess(
  { hosts, ...request }: ProcessRequest,
  environment: Readonly<Record<string, string>>,
): Promise<{ outcome: ProcessOutcome; output: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'vastai-core-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const outfile = join(folder, 'program.cjs');
  const resolveDir = fileURLToPath(new URL('.', import.meta.url));
  await build({
    stdin: { contents: PROGRAM, resolveDir, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile,
    logLevel: 'error',
  });
  const env = {
    ...environment,
    VAST_API_KEY: KEY_TEXT,
    TEST_REQUEST: JSON.stringify({ retries: 0, timeoutMs: 10_000, ...request }),
    // Sockets need it on Windows.
    ...(process.env.SystemRoot === undefined ? {} : { SystemRoot: process.env.SystemRoot }),
  };
  const [program, ...args] =
    hosts === undefined
      ? [process.execPath, outfile]
      : [...withHosts(join(folder, 'hosts'), ...hosts), process.execPath, outfile];
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill());
  let printed = '';
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  await new Promise((resolve) => child.once('close', resolve));
  return { outcome: JSON.parse(printed) as ProcessOutcome, output };
}
