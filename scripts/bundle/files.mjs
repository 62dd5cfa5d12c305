// Makes CommonJS files that are complete in themselves, of sources and the packages that they import.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { build } from 'esbuild';
import { dataAsJson } from './data-as-json.mjs';
import { withoutTables } from './jsonc-parser.mjs';
import { modernNodeFetch } from './node-fetch.mjs';

/** Loads a module at its first use: Node's own take up to 8 ms each, and every file that imports one would load it. */
const LAZY = `class __Lazy {
  constructor(load) {
    this.load = load;
  }
  get module() {
    return (this.loaded ??= this.load());
  }
  get(_, name) {
    return this.module[name];
  }
  apply(_, self, args) {
    return Reflect.apply(this.module, self, args);
  }
  construct(_, args) {
    return Reflect.construct(this.module, args);
  }
}
function __lazyTarget() {}
const __lazy = (load) => new Proxy(__lazyTarget, new __Lazy(load));
`;
/** How esbuild writes the import of one of Node's own modules. */
const BUILTIN =
  /^(?<start>\s*(?:var )?import_\w+ = )(?<load>(?:__toESM\()?require\("node:[\w/]+"\)(?:(?:, 1)?\))?);$/gmu;
/** An import() of a file beside it; the 1 says that Node does it, to which `default` is all that a CommonJS file exports. */
const BESIDE = /__toESM\((require\("\.\/[\w-]+\.js"\)), 1\)/gu;

/** Matches modules that are bundled into the file that imports them: our own, and those that every importer needs. */
const WITHIN = /^(?:node:|@vastai-cli\/|cross-fetch$)/u;

/**
 * Matches what esbuild leaves in regular expressions and raw templates. A single such character doubles the memory that the whole
 * file takes, and the time to read it.
 */
const NOT_ASCII = /[^\0-\x7f]/g;

/** Less than this is read along sooner than another file is found. */
const LEAST_BYTES = 16 * 1024;

const require = createRequire(import.meta.url);

/**
 * @param entries what to make: sources by the name of the file
 * @param folder where the files go
 * @param options of esbuild, for what these files need
 * @returns the paths of all sources that are in the files
 */
export async function writeFiles(entries, folder, { plugins, ...options }) {
  const { outputFiles, metafile } = await build({
    ...bundling(entries, folder),
    format: 'cjs',
    ...options,
    plugins: [modernNodeFetch, dataAsJson, withoutTables, ...plugins],
  });
  mkdirSync(folder, { recursive: true });
  for (const { path, text } of outputFiles) {
    const code = text
      .replace(BUILTIN, '$<start>__lazy(() => $<load>);')
      .replace(BESIDE, '__toESM($1)')
      .replace(NOT_ASCII, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
    writeFileSync(path, code.includes('__lazy(') ? LAZY + code : code);
  }
  return Object.keys(metafile.inputs);
}

function bundling(entries, folder) {
  return {
    entryPoints: Object.entries(entries).map(([out, file]) => ({ in: file, out })),
    outdir: folder,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    alias: {
      // Its CommonJS build is UMD, whose requires cannot be followed.
      'jsonc-parser': join(dirname(require.resolve('jsonc-parser/package.json')), 'lib/esm/main.js'),
    },
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
    write: false,
  };
}

/**
 * Finds what can stand in a file of its own because nothing of it is anywhere else: a module that is in two files would be
 * two modules, whose classes differ.
 *
 * @param entries sources by the name of the file
 * @param copied modules that may be in two files: they return texts, so no class of theirs meets its copy
 * @returns paths of modules that are imported with import()
 */
export async function separable(entries, copied, { plugins }) {
  const { metafile } = await build({
    ...bundling(entries, '.'),
    format: 'esm',
    splitting: true,
    plugins: [modernNodeFetch, dataAsJson, withoutTables, ...plugins],
  });
  const importsOf = (path) => (metafile.inputs[path]?.imports ?? []).filter(({ external }) => !external);
  const reach = (paths, follows) => {
    const found = new Set();
    const visit = (path) => {
      if (found.has(path)) return;
      found.add(path);
      for (const one of importsOf(path)) if (follows(one)) visit(one.path);
    };
    for (const path of paths) visit(path);
    return found;
  };
  const roots = Object.values(entries).map((file) => relative(process.cwd(), file).split(sep).join('/'));
  const later = new Set(
    Object.keys(metafile.inputs)
      .flatMap(importsOf)
      .flatMap(({ kind, path }) => (kind === 'dynamic-import' ? [path] : [])),
  );
  return [...later].filter((target) => {
    if (target.includes('node_modules/')) return false;
    const own = reach([target], ({ kind }) => kind !== 'dynamic-import');
    const others = reach(
      roots.filter((root) => root !== target),
      ({ path }) => path !== target,
    );
    const size = [...own].reduce((sum, path) => sum + metafile.inputs[path].bytes, 0);
    const mayBeCopied = copied.some((name) => target.endsWith(name));
    return size > LEAST_BYTES && (mayBeCopied || [...own].every((path) => !others.has(path)));
  });
}

/**
 * An esbuild plugin for what stands in a file of its own, beside the one that imports it when it needs it:
 * other entries, and packages of others.
 *
 * @param entries sources by the name of their file
 * @returns also `packages`, which fills: the packages to make files of, by the names of these
 */
export function apart(entries) {
  const packages = {};
  const sources = new Map(Object.entries(entries).map(([name, file]) => [file, name]));
  const plugin = {
    name: 'apart',
    setup(build) {
      build.onResolve({ filter: /.*/ }, async ({ kind, path, resolveDir, pluginData }) => {
        if (kind !== 'dynamic-import' || pluginData === plugin || path.startsWith('node:')) return undefined;
        const { path: file, errors } = await build.resolve(path, { kind, resolveDir, pluginData: plugin });
        if (errors.length > 0) return { errors };
        if (sources.has(file)) return { path: `./${sources.get(file)}.js`, external: true };
        if (path.startsWith('.') || WITHIN.test(path)) return undefined;
        const name = path.replace('@', '').replaceAll('/', '-');
        packages[name] = file;
        return { path: `./${name}.js`, external: true };
      });
    },
  };
  return { plugin, packages };
}

/**
 * An esbuild plugin for sources that stand nowhere but here: texts by the name that they are imported by.
 * What they take from `./` stands beside them when they run.
 */
export function virtual(texts, folder) {
  return {
    name: 'virtual',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^virtual:/ }, ({ path }) => ({ path, namespace: 'virtual' }));
      onResolve({ filter: /^\.\/[\w-]+\.js$/, namespace: 'virtual' }, ({ path }) => ({
        path,
        external: true,
      }));
      onLoad({ filter: /.*/, namespace: 'virtual' }, ({ path }) => ({
        contents: texts[path],
        resolveDir: folder,
        loader: 'ts',
      }));
    },
  };
}

/**
 * An esbuild plugin for sources that leave everything unusual to a command: in them, every import() fails.
 *
 * @param entries the exceptions: other entries, which stand beside them
 */
export function withoutImports(entries) {
  const names = new Map(Object.entries(entries).map(([name, file]) => [file, name]));
  return {
    name: 'without-imports',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /.*/ }, ({ kind, path, resolveDir }) => {
        if (kind !== 'dynamic-import' || path.startsWith('node:')) return undefined;
        const name = names.get(join(resolveDir, path.replace(/\.js$/u, '.ts')));
        return name === undefined
          ? { path, namespace: 'left-out' }
          : { path: `./${name}.js`, external: true };
      });
      onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path }) => ({
        contents: `throw new Error(${JSON.stringify(`This file leaves out ${path}.`)});`,
      }));
    },
  };
}
