import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';

/** Runs each test in an empty working folder of its own. */
export function useWorkingFolder() {
  const before = process.cwd();
  let path = '';
  beforeEach(() => {
    path = realpathSync(mkdtempSync(join(tmpdir(), 'vastai-policy-')));
    process.chdir(path);
  });
  afterEach(() => {
    process.chdir(before);
    rmSync(path, { recursive: true });
  });
  return {
    get path() {
      return path;
    },
    /** Writes a file, and returns its name. What is not a string is written as JSON. */
    put(name: string, content: unknown): string {
      mkdirSync(dirname(join(path, name)), { recursive: true });
      writeFileSync(join(path, name), typeof content === 'string' ? content : JSON.stringify(content));
      return name;
    },
  };
}
