// Makes @oclif/core load module by module, as each is needed.
//
// Its modules require each other at their first lines: the class of a command alone brings 150 of them, most of
// which only help or a broken installation needs. Here each such require waits for the first use of its module,
// and what no command needs to run is left out of the bundle's own files: it stands in oclif.js beside them.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';

/** The modules that a command evaluates when it parses its flags and runs. Everything else of oclif is for oclif.js. */
export const FOR_COMMANDS = [
  'args',
  'cache',
  'command',
  'errors/errors/cli',
  'errors/errors/exit',
  'errors/exit',
  'errors/index',
  'flags',
  'logger',
  'parser/errors',
  'parser/index',
  'parser/parse',
  'parser/validate',
  'settings',
  'util/aggregate-flags',
  'util/util',
];

/** `const x_1 = require("./x");`, also in one of TypeScript's or Rollup's wrappers. */
export const REQUIRE =
  /^(?:const|var) (?<name>\w+) = (?<wrapper>(?:__importDefault|__importStar|_interopDefault)\()?require\((?<quote>["'])(?<target>[^"']+)\k<quote>\)\)?;$/gmu;

/** What the class of a command does when it is loaded: it opens standard output, to ignore errors that we handle ourselves. */
export const OPENS_STDOUT = /^process\.stdout\.on\('error', \(err\) => \{\n(?: .*\n)+\}\);\n/mu;

/**
 * @param start a file or folder, from which @oclif/core is found
 * @returns two esbuild plugins, one for the files of commands and one for files that have all of oclif in them, and
 *   `others`: the source of oclif.js
 */
export function lazyOclif(start) {
  const folder = dirname(createRequire(start).resolve('@oclif/core/package.json'));
  const idOf = (file) => relative(join(folder, 'lib'), file).split(sep).join('/').replace(/\.js$/u, '');
  const forCommands = FOR_COMMANDS.map((id) => join(folder, 'lib', `${id}.js`));

  const others = new Map();
  for (const file of forCommands) {
    for (const { groups } of readFileSync(file, 'utf8').matchAll(REQUIRE)) {
      const target = createRequire(file).resolve(groups.target);
      if (!groups.target.startsWith('node:') && !forCommands.includes(target))
        others.set(target, idOf(target));
    }
  }
  const parts = [...others].map(
    ([file, id]) => `  get ${JSON.stringify(id)}() { return require(${JSON.stringify(file)}); },`,
  );

  /** @param elsewhere gives the id in oclif.js of what a file requires, if it is to be found there */
  const plugin = (elsewhere) => ({
    name: 'lazy-oclif',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\.\/oclif\.js$/ }, ({ path }) => ({ path, external: true }));
      onLoad({ filter: /[\\/](?:@oclif[\\/]core|node-fetch)[\\/]lib[\\/].*\.js$/ }, ({ path: file }) => {
        const source = readFileSync(file, 'utf8').replace(OPENS_STDOUT, '');
        const contents = source.replace(REQUIRE, (...match) => {
          const { name, wrapper = '', target } = match.at(-1);
          const id = elsewhere(file, target);
          const module =
            id === undefined
              ? `require(${JSON.stringify(target)})`
              : `require("./oclif.js").parts[${JSON.stringify(id)}]`;
          return `const ${name} = __lazy(() => ${wrapper}${module}${wrapper && ')'});`;
        });
        return { contents, loader: 'js' };
      });
    },
  });
  return {
    forCommands: plugin((file, target) =>
      forCommands.includes(file) ? others.get(createRequire(file).resolve(target)) : undefined,
    ),
    whole: plugin(() => undefined),
    others: `export const parts = {\n${parts.join('\n')}\n};\n`,
  };
}
