import { spawn } from 'node:child_process';

/** The environment without the variables that hold a key or tell where one is: npm and its packages need neither. */
export function environmentWithoutKeys(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const { VAST_API_KEY: _, VAST_API_KEY_FILE: __, ...rest } = env;
  return rest;
}

/**
 * Runs `vastai …args` in a process of its own, whose output goes to standard error: standard output belongs to
 * the command that was asked for.
 *
 * @returns its exit status; 1 when it was killed
 */
export function runAside(bin: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, ...args], {
      stdio: ['ignore', 2, 2],
      env: environmentWithoutKeys(),
    });
    child.on('error', reject);
    child.on('close', (status) => resolve(status ?? 1));
  });
}
