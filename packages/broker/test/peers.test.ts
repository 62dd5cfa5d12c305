import { spawnSync } from 'node:child_process';
import { installed } from '@vastai-cli/testing/programs';
import { describe, expect } from 'vitest';
import { it, startRun } from './support/run.js';

const isRoot = process.platform === 'linux' && process.getuid?.() === 0;

/** Sends a request from a process of its own, and prints its status. */
const PROGRAM = `require('node:http').request(process.argv[1], {
  method: process.argv[2],
  headers: { Authorization: 'Bearer ' + process.env.TOKEN },
}, (response) => { response.resume(); console.log(response.statusCode); })
  .on('error', ({ code }) => console.log(code)).end();`;

describe.runIf(isRoot && installed('setpriv'))('another user of this machine', () => {
  it('gets nothing, even with the token', async () => {
    const run = await startRun();
    const statusAs = (prefix: string[], method: string) =>
      new Promise<string>((resolve) => {
        const [file, ...args] = [...prefix, process.execPath, '-e', PROGRAM] as [string, ...string[]];
        const url = `${run.broker.url}/api/v0/instances/42/`;
        const env = { PATH: process.env.PATH, TOKEN: run.broker.token };
        import('node:child_process').then(({ execFile }) =>
          execFile(file, [...args, url, method], { env }, (_, stdout) => resolve(stdout.trim())),
        );
      });
    const nobody = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'];
    expect(spawnSync(nobody[0] as string, [...nobody.slice(1), 'true']).status).toBe(0);
    expect(await statusAs([], 'GET')).toBe('200');
    expect(await statusAs([], 'DELETE')).toBe('200');
    const before = run.reached().length;
    expect(await statusAs(nobody, 'GET')).toBe('ECONNRESET');
    expect(await statusAs(nobody, 'DELETE')).toBe('ECONNRESET');
    expect(
      run
        .reached()
        .slice(before)
        .filter((line) => line.startsWith('DELETE')),
    ).toEqual([]);
  });
});
