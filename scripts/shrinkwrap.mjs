// The npm-shrinkwrap.json of a package: npm then installs the versions that were tested, each compared with its hash, and
// not the newest of its range.
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const workspace = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Makes it for the package in a folder of the workspace, from the lockfile of the workspace. */
export function shrinkwrapOf(folder) {
  const lock = parse(readFileSync(join(workspace, 'pnpm-lock.yaml'), 'utf8'));
  const own = lock.importers[folder.slice(workspace.length + 1).replaceAll('\\', '/')];
  const { name, version, license, bin, engines } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  );
  const needed = idsOf(own.dependencies);
  const optional = idsOf(own.optionalDependencies);
  const required = reachable(lock, needed);
  const places = placesOf(lock, { ...needed, ...optional }, join(folder, 'node_modules'));
  const entries = [...places].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    name,
    version,
    lockfileVersion: 3,
    requires: true,
    packages: {
      '': {
        name,
        version,
        license,
        dependencies: specsOf(needed),
        optionalDependencies: specsOf(optional),
        bin,
        engines,
      },
      ...Object.fromEntries(
        entries.map(([path, { id, files }]) => [path, entryOf(lock, path, id, files, !required.has(id))]),
      ),
    },
  };
}

/**
 * Finds a place in node_modules for every package: as high up as no other version is.
 *
 * @param modules the folder in which pnpm has put `ids`
 * @returns by place, the id of the package there and where its files are now
 */
function placesOf(lock, ids, modules) {
  const placed = new Map();
  const queue = [{ path: '', ids, modules }];
  for (const one of queue) {
    for (const [name, id] of Object.entries(one.ids)) {
      const seen = findFrom(placed, one.path, name);
      if (seen !== undefined && placed.get(seen).id === id) continue;
      const place = `${seen === undefined || one.path === '' ? '' : `${one.path}/`}node_modules/${name}`;
      const files = realpathSync(join(one.modules, name));
      placed.set(place, { id, files });
      const beside = files.slice(0, files.lastIndexOf(`${sep}node_modules${sep}`) + '/node_modules'.length);
      queue.push({ path: place, ids: dependenciesOf(lock, id), modules: beside });
    }
  }
  return placed;
}

/** The place that `name` is found in from a place, as Node looks for it. */
function findFrom(placed, path, name) {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const place = `${at === '' ? '' : `${at}/`}node_modules/${name}`;
    if (placed.has(place)) return place;
    if (at === '') return undefined;
  }
}

/** Ids by name, of what the lockfile says of a package in the workspace: `{ "keytar": "@github/keytar@7.10.6" }`. */
function idsOf(list = {}) {
  return Object.fromEntries(Object.entries(list).map(([one, { version }]) => [one, idOf(one, version)]));
}

function dependenciesOf(lock, id) {
  const { dependencies = {}, optionalDependencies = {} } = lock.snapshots[id];
  const all = Object.entries({ ...dependencies, ...optionalDependencies });
  return Object.fromEntries(all.map(([one, version]) => [one, idOf(one, version)]));
}

/** A version is `1.0.0`, `1.0.0(peer@2.0.0)`, or `other-name@1.0.0` where a package goes by another name. */
function idOf(one, version) {
  return version.split('(', 1)[0].includes('@') ? version : `${one}@${version}`;
}

function reachable(lock, ids, seen = new Set()) {
  for (const id of Object.values(ids)) {
    if (seen.has(id)) continue;
    seen.add(id);
    reachable(lock, dependenciesOf(lock, id), seen);
  }
  return seen;
}

function entryOf(lock, path, id, files, isOptional) {
  const [bare] = id.split('(', 1);
  const at = bare.lastIndexOf('@');
  const [real, version] = [bare.slice(0, at), bare.slice(at + 1)];
  const { resolution, engines, os, cpu } = lock.packages[bare];
  if (!resolution.integrity?.startsWith('sha512-')) throw new Error(`The lockfile has no hash of ${bare}.`);
  const dependencies = specsOf(dependenciesOf(lock, id));
  return {
    ...(path.endsWith(`node_modules/${real}`) ? {} : { name: real }),
    version,
    // npm goes to the registry of its settings instead.
    resolved: `https://registry.npmjs.org/${real}/-/${real.split('/').at(-1)}-${version}.tgz`,
    integrity: resolution.integrity,
    ...(isOptional ? { optional: true } : {}),
    // Without it npm 11 builds what has a binding.gyp, whatever its scripts say.
    ...(hasInstallScript(files) ? { hasInstallScript: true } : {}),
    ...(engines ? { engines } : {}),
    ...(os ? { os } : {}),
    ...(cpu ? { cpu } : {}),
    dependencies,
  };
}

function hasInstallScript(files) {
  const { scripts = {} } = JSON.parse(readFileSync(join(files, 'package.json'), 'utf8'));
  const runs = ['preinstall', 'install', 'postinstall'].some((event) => event in scripts);
  return runs || existsSync(join(files, 'binding.gyp'));
}

/** `{ "keytar": "npm:@github/keytar@7.10.6" }`, as npm writes what is depended on; `undefined` for nothing. */
function specsOf(ids) {
  const specs = Object.entries(ids).map(([name, id]) => {
    const [bare] = id.split('(', 1);
    return [name, bare.startsWith(`${name}@`) ? bare.slice(name.length + 1) : `npm:${bare}`];
  });
  return specs.length === 0 ? undefined : Object.fromEntries(specs);
}
