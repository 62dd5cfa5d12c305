import { isAscii } from 'node:buffer';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type NodeModule from 'node:module';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { Script } from 'node:vm';
import { keepCompiled, ownFolder, readCompiled, stampOf } from './compiled-file.js';

/** Returns the exports of a CommonJS file, as `require` does. Takes an absolute path. */
export type Load = (file: string) => unknown;

/** The class of this file's own `module`: to import it by its name loads the loader of ES modules too. */
const nodeModule = (module as unknown as { constructor: typeof NodeModule }).constructor;

/** Makes a function of a file, as Node does. */
const BEFORE = Buffer.from('(function (exports, require, module, __filename, __dirname) { ');
const AFTER = Buffer.from('\n})');

type Wrapper = (exports: object, require: object, module: object, file: string, folder: string) => void;

/** Declares what Node has from 22.1 on. */
type NodeCache = { enableCompileCache?(folder: string): unknown };

/**
 * Loads files with the code that V8 compiled in an earlier run, which saves a fifth of a command's time. Node's own
 * compile cache is slower, and Node 20 has none. `NODE_DISABLE_COMPILE_CACHE` turns off both.
 */
export function compileCache(env: NodeJS.ProcessEnv): Load {
  const caches = env.NODE_DISABLE_COMPILE_CACHE ? undefined : cachesOf(env);
  if (caches === undefined) return require;
  let chosen: Load | undefined;
  return (file) => {
    chosen ??= loaderFrom(ownFolder(caches));
    return chosen(file);
  };
}

function loaderFrom(folder: string | undefined): Load {
  return folder === undefined ? require : (file) => load(file, folder);
}

function cachesOf({ XDG_CACHE_HOME: caches, HOME: home }: NodeJS.ProcessEnv): string | undefined {
  if (process.platform === 'win32') return undefined;
  if (caches && isAbsolute(caches)) return caches;
  return home && isAbsolute(home) ? join(home, '.cache') : undefined;
}

function load(file: string, kept: string): unknown {
  const loaded = require.cache[file];
  if (loaded !== undefined) return loaded.exports;
  const requireHere = nodeModule.createRequire(file);
  const { wrapped, stamp } = readWrapped(file);
  const module = Object.assign(new nodeModule(file), { filename: file });
  const folder = dirname(file);
  const requireKept = (id: string) => (id.startsWith('./') ? load(join(folder, id), kept) : requireHere(id));
  const script = compile(file, wrapped, stamp, kept);
  if (script === undefined) {
    (nodeModule as NodeCache).enableCompileCache?.(kept);
    return requireHere(file);
  }
  const run: Wrapper = script.runInThisContext();
  require.cache[file] = module;
  try {
    run.call(module.exports, module.exports, Object.assign(requireKept, requireHere), module, file, folder);
  } catch (error) {
    delete require.cache[file];
    throw error;
  }
  module.loaded = true;
  return module.exports;
}

/** Reads a file into the wrapper. To put them together later would copy half a megabyte for most commands. */
function readWrapped(path: string): { wrapped: Buffer; stamp: string } {
  const file = openSync(path, 'r');
  try {
    const stat = fstatSync(file);
    const end = BEFORE.length + stat.size;
    const wrapped = Buffer.allocUnsafeSlow(end + AFTER.length);
    let at = BEFORE.copy(wrapped);
    for (let read = 1; at < end && read > 0; at += read) read = readSync(file, wrapped, at, end - at, null);
    wrapped.fill(' ', at, end);
    AFTER.copy(wrapped, end);
    return { wrapped, stamp: stampOf(stat) };
  } finally {
    closeSync(file);
  }
}

/** Compiles a file, or takes what was kept of it; `undefined` for one with an `import()`, which would fail in a script of ours. */
function compile(file: string, wrapped: Buffer, stamp: string, kept: string): Script | undefined {
  const name = `${basename(file, '.js')}-${process.version}-${process.arch}-${hashOf(file)}`;
  const cachedData = readCompiled(kept, name, stamp);
  if (cachedData === undefined && wrapped.includes('import(')) return undefined;
  // Where it is ASCII, each byte is a character, and nothing has to be decoded.
  const script = new Script(wrapped.toString(isAscii(wrapped) ? 'latin1' : 'utf8'), {
    filename: file,
    ...(cachedData && { cachedData }),
  });
  // V8 compiles a function when it is first called, so at the end of the run it has everything that the next one needs.
  const keep = () => keepCompiled(kept, name, stamp, script.createCachedData());
  if (script.cachedDataRejected !== false) process.once('exit', keep);
  return script;
}

/** Tells paths apart in the name of a file (FNV-1a). Where two had the same, each would only be compiled at every start. */
function hashOf(path: string): string {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(path)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(16);
}
