// What knip takes for used, by package. It looks for files, exports and dependencies that nothing uses.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandFiles } from './scripts/bundle/commands.mjs';

const root = import.meta.dirname;

/** Names the commands of a package; a file beside them has to be used by one. */
function commandsOf(name) {
  return commandFiles(join(root, 'packages', name)).map((file) => join('src', 'commands', file));
}

// knip's own idea of oclif is off: it takes every file in there for a command.
const plugin = (name) => ({
  oclif: false,
  entry: [...commandsOf(name), 'src/json-documents.ts'],
  project: ['{src,test}/**/*.ts'],
});

const { plugins, devPlugins } = JSON.parse(
  readFileSync(join(root, 'packages/cli/package.json'), 'utf8'),
).oclif;

export default {
  ignoreIssues: { 'packages/core/src/index.ts': ['types'] },
  ignoreExportsUsedInFile: {
    interface: true,
    type: true,
  },
  ignoreDependencies: ['@arethetypeswrong/cli', '@biomejs/biome', 'publint', 'turbo'],
  ignoreBinaries: [
    'dbus-daemon',
    'gnome-keyring-daemon',
    'mkfifo',
    'mount',
    'script',
    'secret-tool',
    'setpriv',
    'strace',
    'umount',
    'unshare',
  ],
  workspaces: {
    '.': {
      entry: ['scripts/*.mjs', 'scripts/action/{install,check,comment,scan}.mjs', 'scripts/mutate/*.mjs'],
      project: ['scripts/**/*.{mjs,ts}'],
    },
    'packages/core': {
      includeEntryExports: true,
      entry: ['examples/*.ts', 'test/programs/*.mjs'],
      project: ['{src,test,examples}/**/*.{ts,mjs}'],
    },
    'packages/permissions': {
      includeEntryExports: true,
      entry: ['fuzz/fuzz.mjs'],
      project: ['{src,test,fuzz}/**/*.{ts,mjs}'],
    },
    'packages/leak-scan': {
      project: ['{src,test-support}/**/*.ts'],
    },
    'packages/sandbox': {
      includeEntryExports: true,
      project: ['{src,test,test-support,bin}/**/*.{ts,js}'],
    },
    'packages/broker': {
      project: ['{src,test}/**/*.ts'],
    },
    'packages/kit': {
      includeEntryExports: true,
      project: ['{src,test}/**/*.ts'],
    },
    'packages/cli': {
      oclif: false,
      ignoreDependencies: [...plugins, ...devPlugins],
      entry: [
        ...commandsOf('cli'),
        'src/json-documents.ts',
        'src/commands/exec/at-once.ts',
        'src/commands/official/at-once.ts',
        'src/runtime/fast-path/main.ts',
        'src/runtime/fast-path/start.ts',
        'src/runtime/help/help.ts',
        'src/runtime/oclif-path.ts',
        'src/index.ts',
        'test/start-up/loaded.cjs',
      ],
      project: ['{src,test,bin}/**/*.{ts,js,cjs}'],
    },
    'packages/plugin-account': plugin('plugin-account'),
    'packages/plugin-keys': plugin('plugin-keys'),
    'packages/plugin-permissions': plugin('plugin-permissions'),
    'packages/plugin-scan': plugin('plugin-scan'),
  },
};
