import { existsSync, lstatSync, mkdirSync } from 'node:fs';
import nodeModule from 'node:module';
import { dirname, isAbsolute, join } from 'node:path';

/** What Node has from 22.1 on. */
type CompileCache = { enableCompileCache?(folder: string): unknown };

/**
 * Lets Node keep what it compiles, which is 10 ms of each later run. Since Node runs what it finds there, it is a
 * folder that nobody else can write to; and a home without a folder for caches is left as it is.
 */
export function keepCompiled(env: NodeJS.ProcessEnv): void {
  const { enableCompileCache } = nodeModule as CompileCache;
  const caches = cachesOf(env);
  if (enableCompileCache === undefined || caches === undefined || !existsSync(caches)) return;
  const folder = join(caches, 'vastai', 'compiled');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (isOurs(dirname(folder)) && isOurs(folder)) enableCompileCache(folder);
  } catch {
    // It is but slower without.
  }
}

function cachesOf({ XDG_CACHE_HOME: caches, HOME: home }: NodeJS.ProcessEnv): string | undefined {
  if (process.platform === 'win32') return undefined;
  if (caches && isAbsolute(caches)) return caches;
  return home ? join(home, '.cache') : undefined;
}

function isOurs(folder: string): boolean {
  const stat = lstatSync(folder);
  return stat.isDirectory() && stat.uid === process.getuid?.() && (stat.mode & 0o022) === 0;
}
