import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { type Asking, type Response, send } from './run.js';

/** A broker in a process of its own. It ends when its standard input does. */
const PROGRAM = `
import { startBroker } from ${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)};
import { ApiKey } from ${JSON.stringify(new URL('../../../core/dist/index.js', import.meta.url).href)};
const broker = await startBroker({
  upstream: new URL(process.argv[1]),
  key: ApiKey.parse(process.env.VAST_API_KEY),
  environment: process.env,
  timeoutMs: 5000,
});
console.log(JSON.stringify({ url: broker.url, token: broker.token }));
process.stdin.resume().once('end', () => broker.close());
`;

/** A broker that the test has no other hold of. */
export interface BrokerProcess {
  readonly key: string;
  ask(method: string, path: string, asking?: Asking): Promise<Response>;
  /** Returns everything that it has printed. */
  output(): string;
}

/** Starts a broker whose Node reads its certificates and options from these variables. It ends with the test. */
export async function startBrokerProcess(
  upstream: URL | string,
  environment: Readonly<Record<string, string>>,
): Promise<BrokerProcess> {
  const key = randomBytes(32).toString('hex');
  const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM, '--', String(upstream)], {
    env: { ...environment, VAST_API_KEY: key },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let output = '';
  const keep = (text: string) => {
    output += text;
  };
  child.stderr.setEncoding('utf8').on('data', keep);
  child.stdout.setEncoding('utf8').on('data', keep);
  onTestFinished(async () => {
    child.stdin.end();
    if (child.exitCode === null) await new Promise((resolve) => child.once('close', resolve));
  });
  const [line] = (await new Promise((resolve, reject) => {
    child.stdout.once('data', (text: string) => resolve(text.split('\n')));
    child.once('close', () => reject(new Error(output)));
  })) as string[];
  const { url, token } = JSON.parse(line ?? '') as { url: string; token: string };
  return {
    key,
    ask: (method, path, asking = {}) => send(url, method, path, { token, ...asking }),
    output: () => output,
  };
}
