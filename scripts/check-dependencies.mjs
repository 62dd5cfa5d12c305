// Checks that each package uses only packages below it, and that users never install test packages: neither through
// `dependencies`, direct or indirect, nor through imports. `turbo boundaries` does not distinguish code from its tests.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './pack.mjs';

const FOR_TESTS = ['@vastai-cli/sandbox', '@vastai-cli/testing'];
/** The test packages. Includes the web server of the sandbox, in case another package depends on it. */
const NOT_FOR_USERS = [...FOR_TESTS, 'hono', '@hono/node-server'];

/** The allowed dependencies, as in CONTRIBUTING.md. */
const MAY_USE = {
  'vastai-cli': ['kit', 'broker', 'core', 'permissions'],
  '@vastai-cli/kit': ['core', 'permissions'],
  '@vastai-cli/broker': ['core', 'permissions'],
  '@vastai-cli/core': [],
  '@vastai-cli/permissions': [],
  '@vastai-cli/leak-scan': [],
  '@vastai-cli/sandbox': ['permissions'],
  '@vastai-cli/testing': ['sandbox'],
};
const PLUGIN_MAY_USE = ['kit', 'core', 'permissions', 'leak-scan'];

/**
 * Follows the dependencies that npm would install with each published package.
 *
 * @param manifests what the `package.json` of each says
 * @returns a sentence for each path to a test package
 */
export function testPackagesReached(manifests) {
  const known = new Map(manifests.map((manifest) => [manifest.name, manifest]));
  const ways = (way) => {
    const name = way.at(-1);
    if (NOT_FOR_USERS.includes(name)) return [`${way[0]} installs what is for tests: ${way.join(' → ')}`];
    return installedWith(known.get(name) ?? {})
      .filter((next) => !way.includes(next))
      .flatMap((next) => ways([...way, next]));
  };
  const names = [...known.keys()].filter((name) => !FOR_TESTS.includes(name));
  return names.flatMap((name) => ways([name]));
}

/** Returns a sentence for each package that depends on, or imports, one that is not below it. */
export function wrongDirections(folder) {
  return readdirSync(join(folder, 'packages')).flatMap((name) => {
    const place = join(folder, 'packages', name);
    const manifest = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8'));
    const allowed = [
      manifest.name,
      ...(MAY_USE[manifest.name] ?? PLUGIN_MAY_USE).map((one) => `@vastai-cli/${one}`),
    ];
    const wrong = (names) => names.filter((one) => isOurs(one) && !allowed.includes(one));
    return [
      ...wrong(installedWith(manifest)).map((one) => `${manifest.name} must not depend on ${one}.`),
      ...sourcesIn(place).flatMap((file) =>
        wrong(importsOf(readFileSync(join(place, file), 'utf8'))).map(
          (one) => `packages/${name}/${file.replaceAll('\\', '/')} must not import ${one}.`,
        ),
      ),
    ];
  });
}

/** Returns the manifests of all packages of the workspace. */
export function manifestsIn(folder) {
  return readdirSync(join(folder, 'packages')).map((name) =>
    JSON.parse(readFileSync(join(folder, 'packages', name, 'package.json'), 'utf8')),
  );
}

function installedWith({ dependencies, optionalDependencies, peerDependencies }) {
  return Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
}

function sourcesIn(place) {
  const folders = ['src', 'bin'].filter((name) => existsSync(join(place, name)));
  return folders
    .flatMap((name) => readdirSync(join(place, name), { recursive: true }).map((file) => join(name, file)))
    .filter((file) => /\.[jt]s$/u.test(file) && !/\.test\.ts$|[\\/]test-support[\\/]/u.test(file));
}

/** Returns the packages that a module imports, including type imports. */
function importsOf(text) {
  const imports = text.matchAll(/(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*['"]((?:@[\w-]+\/)?[\w-]+)/gu);
  return [...new Set([...imports].map(([, name]) => name))];
}

function isOurs(name) {
  return name === 'vastai-cli' || name.startsWith('@vastai-cli/');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const problems = [...wrongDirections(root), ...testPackagesReached(manifestsIn(root))];
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
