import { execFile } from 'node:child_process';
import { installed } from '@vastai-cli/testing/programs';
import { describe, expect } from 'vitest';
import { it, type Run, startRun } from './support/run.js';

const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
const AS_NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];

/** Sends a request from a process of its own, and prints its status. */
const PROGRAM = `require('node:http').request(process.argv[1], {
  method: process.argv[2],
  headers: { Authorization: 'Bearer ' + process.env.TOKEN },
}, (response) => { response.resume(); console.log(response.statusCode); })
  .on('error', ({ code }) => console.log(code)).end();`;

/** Returns what a program gets that has the token. */
function askAs(prefix: readonly string[], method: string, { broker }: Run): Promise<string> {
  const words = [process.execPath, '-e', PROGRAM, `${broker.url}/api/v0/instances/42/`, method];
  const [file = '', ...args] = [...prefix, ...words];
  const env = { PATH: process.env.PATH, TOKEN: broker.token };
  return new Promise((resolve) => execFile(file, args, { env }, (_, stdout) => resolve(stdout.trim())));
}

describe.runIf(isRoot && installed('setpriv'))('another user of this machine', () => {
  it('gets nothing and changes nothing, even with the token', async () => {
    const run = await startRun();
    expect(await askAs([], 'GET', run)).toBe('200');
    expect(await askAs([], 'DELETE', run)).toBe('200');
    const before = run.reached().length;
    expect(await askAs(AS_NOBODY, 'GET', run)).toBe('ECONNRESET');
    expect(await askAs(AS_NOBODY, 'DELETE', run)).toBe('ECONNRESET');
    const since = run.reached().slice(before);
    expect(since.filter((line) => line.startsWith('DELETE'))).toEqual([]);
  });
});
