import { spawn } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { delimiter } from 'node:path';
import { BIN } from '@vastai-cli/testing/checkout/paths';
import type { Harness } from '@vastai-cli/testing/harness';
import { definedOnly } from '@vastai-cli/testing/run';

/** Describes what a shell printed for a few lines. */
export interface ShellRun {
  readonly status: number | null;
  readonly output: string;
}

export interface ShellOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
  readonly cwd?: string;
}

/** Returns a shell in the harness's home, in which `vastai` is the CLI of this checkout, as a person has it. */
export async function shellOf({ home, sandbox }: Harness) {
  const program = await home.write('bin/vastai', `#!/bin/sh\nexec '${process.execPath}' '${BIN}' "$@"\n`);
  await chmod(program, 0o755);
  return (lines: string, { env = {}, input = '', cwd = home.path }: ShellOptions = {}): Promise<ShellRun> => {
    const path = `${home.at('bin')}${delimiter}${process.env.PATH}`;
    const child = spawn('sh', ['-c', lines], {
      cwd,
      env: definedOnly({ ...home.env, SHELL: '/bin/bash', PATH: path, VAST_URL: sandbox.url, ...env }),
      stdio: 'pipe',
    });
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (status) => resolve({ status, output }));
    });
  };
}
