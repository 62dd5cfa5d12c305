import { spawn } from 'node:child_process';

export interface Finished {
  readonly status: number | null;
  /** Both streams, as they came. */
  readonly output: string;
}

/** Runs a program to its end. @throws Error with its output when it fails, unless `mayFail`. */
export async function run(
  program: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; cwd?: string; mayFail?: boolean } = {},
): Promise<Finished> {
  const { env, cwd, mayFail = false } = options;
  const child = spawn(program, args, {
    ...(env && { env }),
    ...(cwd && { cwd }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (status !== 0 && !mayFail)
    throw new Error(`${program} ${args.join(' ')} ended with ${status}:\n${output}`);
  return { status, output };
}
