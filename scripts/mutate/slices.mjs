const filesOf =
  (folder) =>
  (names, kind = '') =>
    names.split(' ').map((name) => `${folder}/${name}${kind}.ts`);
const kit = filesOf('packages/kit/src');
const permissions = filesOf('packages/permissions/src');

/**
 * The slices of the code that mutation testing takes, one per run.
 *
 * - `mutate`: the files whose code is changed
 * - `tests`: the tests that are asked whether they notice
 * - `processes`: whether these tests start the CLI, or parts of it, as processes; the bundles are then built from the
 *   changed code
 * - `atLeast`: the percentage of mutants that has to be noticed; left out where it was not reached yet
 */
export const SLICES = {
  'core/api': {
    mutate: ['packages/core/src/api/*.ts'],
    tests: ['packages/core/src/api/*.test.ts'],
  },
  'core/config': {
    mutate: ['packages/core/src/config/*.ts'],
    tests: ['packages/core/src/config/*.test.ts'],
    processes: true,
  },
  'core/credentials': {
    mutate: ['packages/core/src/credentials/!(keychain-*).ts'],
    tests: ['packages/core/src/credentials/!(keychain-*).test.ts', 'packages/core/src/session.test.ts'],
    processes: true,
  },
  'core/keychain': {
    mutate: ['packages/core/src/credentials/keychain-*.ts'],
    tests: ['packages/core/src/credentials/*.test.ts'],
    processes: true,
  },
  'core/migration': {
    mutate: ['packages/core/src/migration/*.ts'],
    tests: [
      'packages/core/src/migration/*.test.ts',
      'packages/cli/test/config-migrate.test.ts',
      'packages/cli/test/stores/migrate*.test.ts',
    ],
    processes: true,
  },
  'permissions/decision': {
    mutate: permissions('access comparison containment decide required route-table same-value'),
    tests: permissions(
      'access comparison containment decide required route-table same-value catalogue diff properties',
      '.test',
    ),
    atLeast: 90,
  },
  'permissions/diff': {
    mutate: permissions('access-change baseline diff diff-text diff-uncatalogued json-path unknown-parts'),
    tests: permissions('baseline diff diff-text json-path unknown-parts properties', '.test'),
    atLeast: 90,
  },
  // What kit makes of its arguments alone; the rest of it is seen only when a command runs.
  'kit/text': {
    mutate: kit('given-flag json missing-permission table text-width wrap'),
    tests: ['packages/kit/src/*.test.ts'],
    atLeast: 90,
  },
  'kit/command': {
    mutate: kit(
      'api-command base-command explain-refusal exit-status failure input-file output parse-failure profile-command progress-line prompts request-observer terminal',
    ),
    tests: ['packages/kit/src/*.test.ts', 'packages/plugin-*/test/*.test.ts', 'packages/cli/test/*.test.ts'],
    processes: true,
  },
  'kit/run': {
    mutate: kit(
      'advice advice-target closest home-path interruption lost-output named-profile sign-of-life standard-input standard-streams validate-document',
    ),
    tests: ['packages/kit/src/*.test.ts', 'packages/plugin-*/test/*.test.ts', 'packages/cli/test/*.test.ts'],
    processes: true,
  },
  'plugin-keys': {
    mutate: ['packages/plugin-keys/src/services/*.ts', 'packages/plugin-keys/src/commands/**/*.ts'],
    tests: ['packages/plugin-keys/{src,test}/**/*.test.ts'],
    processes: true,
  },
  cli: {
    mutate: [
      'packages/cli/src/services/*.ts',
      'packages/cli/src/services/doctor/*.ts',
      'packages/cli/src/commands/**/*.ts',
    ],
    tests: ['packages/cli/src/services/**/*.test.ts', 'packages/cli/test/*.test.ts'],
    processes: true,
  },
};
