import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../sandbox/bin/vastai-sandbox.js', import.meta.url));

/** Starts the sandbox API as a process, because this package imports no other of the workspace. */
export interface SandboxProcess {
  readonly url: string;
  /** A key with full access. */
  readonly key: string;
  stop(): Promise<void>;
}

export async function startSandboxProcess(): Promise<SandboxProcess> {
  const child = spawn(process.execPath, [PROGRAM], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const told = new Map<string, string>();
  for await (const line of createInterface(child.stdout)) {
    const [, name, value] = /^(\S.*?) {2,}(\S+)$/u.exec(line) ?? [];
    if (name !== undefined && value !== undefined) told.set(name, value);
    if (told.has('URL') && told.has('API key')) break;
  }
  const [url, key] = [told.get('URL'), told.get('API key')];
  if (url === undefined || key === undefined) throw new Error('The sandbox did not start.');
  return {
    url,
    key,
    async stop() {
      child.kill();
      await ended;
    },
  };
}
