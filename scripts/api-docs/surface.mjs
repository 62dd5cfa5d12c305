// Reads the public API of a package: the exports of its `src/index.ts`, and the types that they use.
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { namesIn, readDeclarations } from './declarations.mjs';

/**
 * Reads the public API of a built package.
 *
 * @param folder of the package; `src/index.ts` has `// Title` above each section of its exports, and `dist` is built
 * @returns `sections`, each `{ title, declarations }`, and `reached`, the declarations that have no export of their own
 * @throws Error if an export has no declaration, or two types have the same name
 */
export function readSurface(folder) {
  const files = new Map();
  const fileOf = (path) => {
    if (!files.has(path))
      files.set(path, readDeclarations(readFileSync(join(folder, 'dist', `${path}.d.ts`), 'utf8')));
    return files.get(path);
  };
  const seen = new Map();
  const take = (path, name) => {
    const declaration = fileOf(path).declarations.get(name);
    if (declaration === undefined) throw new Error(`${folder}: ${path} declares no ${name}.`);
    if ((seen.get(name)?.path ?? path) !== path)
      throw new Error(`${folder}: ${path} and ${seen.get(name).path} both have a public type ${name}.`);
    seen.set(name, { ...declaration, path });
    return declaration;
  };

  const sections = exportsOf(readFileSync(join(folder, 'src/index.ts'), 'utf8')).map(({ title, names }) => ({
    title,
    declarations: names.map(({ path, name }) => take(path, name)),
  }));
  const isExported = new Set(seen.keys());
  // Iterating over a map includes entries that are added during the iteration.
  for (const { path, code } of seen.values()) {
    const { declarations, imports } = fileOf(path);
    for (const name of namesIn(code)) {
      const imported = imports.get(name);
      if (imported !== undefined)
        take(moduleOf(posix.join(posix.dirname(path), imported.from)), imported.name);
      else if (declarations.has(name)) take(path, name);
    }
  }
  const reached = [...seen.values()].filter(({ name }) => !isExported.has(name));
  return { sections, reached: reached.sort(byName) };
}

/** Compares declarations by name, independent of the locale. */
export function byName(a, b) {
  return a.name < b.name ? -1 : 1;
}

function exportsOf(index) {
  return index.split(/^\/\/ (?=\S)/mu).flatMap((section) => {
    const names = [...section.matchAll(/^export (?:type )?\{([^}]*)\} from '([^']*)'/gmu)].flatMap(
      ([, list, from]) =>
        list
          .split(',')
          .map((name) => name.trim().replace(/^type /u, ''))
          .filter((name) => name !== '')
          .map((name) => ({ path: moduleOf(posix.normalize(from)), name })),
    );
    return names.length === 0 ? [] : [{ title: section.split('\n', 1)[0], names }];
  });
}

function moduleOf(path) {
  return path.replace(/\.js$/u, '');
}
