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
    mutate: ['packages/core/src/{api,http,http/connection,http/errors,http/masking}/*.ts'],
    tests: ['packages/core/src/{api,http,http/connection,http/errors,http/masking}/*.test.ts'],
  },
  'core/base': {
    mutate: ['packages/core/src/base/*.ts'],
    tests: ['packages/core/src/base/*.test.ts'],
  },
  'core/config': {
    mutate: ['packages/core/src/config/*.ts'],
    tests: ['packages/core/src/config/*.test.ts'],
    atLeast: 90,
  },
  'core/files': {
    mutate: ['packages/core/src/files/!(lock*).ts'],
    tests: [
      'packages/core/src/files/!(lock*).test.ts',
      'packages/core/src/{config,secrets}/*.test.ts',
      'packages/core/test/{full-disk,read-only-home}.test.ts',
    ],
  },
  // Its tests wait for each other's processes, and take a minute and a half.
  'core/lock': {
    mutate: ['packages/core/src/files/lock*.ts'],
    tests: ['packages/core/src/files/lock*.test.ts'],
  },
  'core/context': {
    mutate: ['packages/core/src/context/*.ts'],
    tests: ['packages/core/src/context/*.test.ts', 'packages/core/src/credentials/*.test.ts'],
    atLeast: 90,
  },
  'core/credentials': {
    mutate: ['packages/core/src/credentials/*.ts'],
    tests: [
      'packages/core/src/{context,credentials}/*.test.ts',
      'packages/core/src/operations/migrate/to-*.test.ts',
    ],
    atLeast: 90,
  },
  // Its constants are expressions, and each of their mutants is tried with every test of the slice.
  'core/pasted-key': {
    mutate: ['packages/core/src/secrets/pasted-key.ts'],
    tests: ['packages/core/src/secrets/pasted-key.test.ts'],
  },
  'core/secrets': {
    mutate: ['packages/core/src/secrets/{!(pasted-key),command/*}.ts'],
    tests: ['packages/core/src/secrets/{!(pasted-key),command/*}.test.ts'],
  },
  'core/keychain': {
    mutate: ['packages/core/src/secrets/keychain/**/*.ts'],
    tests: ['packages/core/src/{credentials,secrets}/**/*.test.ts'],
    processes: true,
  },
  'core/migrate': {
    mutate: ['packages/core/src/operations/migrate/*.ts'],
    tests: ['packages/core/src/operations/migrate/*.test.ts'],
    atLeast: 90,
  },
  'core/ledger': {
    mutate: ['packages/core/src/operations/ledger/*.ts'],
    tests: ['packages/core/src/operations/ledger/*.test.ts'],
  },
  'core/operations': {
    mutate: ['packages/core/src/operations/{ephemeral,reset,rotate}/*.ts'],
    tests: ['packages/core/src/operations/{ephemeral,reset,rotate}/*.test.ts'],
    atLeast: 90,
  },
  'permissions/decision': {
    mutate: [
      'packages/permissions/src/{decision,document}/*.ts',
      ...permissions('authoring/required catalogue/commands catalogue/route-table json/same-value'),
    ],
    tests: [
      'packages/permissions/src/{decision,document}/*.test.ts',
      ...permissions(
        'authoring/required catalogue/catalogue catalogue/route-table diff/diff json/same-value validation/properties',
        '.test',
      ),
    ],
    atLeast: 90,
  },
  'permissions/diff': {
    mutate: ['packages/permissions/src/diff/*.ts', ...permissions('json/json-path report/baseline')],
    tests: [
      'packages/permissions/src/diff/*.test.ts',
      ...permissions('json/json-path report/baseline validation/properties', '.test'),
    ],
    atLeast: 90,
  },
  // What kit makes of its arguments alone; the rest of it is seen only when a command runs.
  'kit/text': {
    mutate: kit(
      'closest closest-roles official-commands command/exit-status command/given-flag command/missing-permission command/parse-failure input/compare-granted input/duration input/duration-flag render/advice render/advice-target render/failure render/home-path render/human render/json render/list-remarks render/permissions-in-brief render/place render/styles render/table render/text-width render/wrap',
    ),
    tests: ['packages/kit/src/**/*.test.ts'],
  },
  'kit/command': {
    mutate: kit(
      'command/api-command command/base-command command/explain-api-error command/in-broker input/files input/key-input input/validate-document render/output render/byte-stream command/profile-command render/pager render/progress result input/preset input/grant-flags input/requested-permissions input/prompts command/request-observer render/terminal',
    ),
    tests: [
      'packages/kit/src/**/*.test.ts',
      'packages/plugin-*/test/*.test.ts',
      'packages/cli/test/*.test.ts',
    ],
    processes: true,
  },
  'kit/run': {
    mutate: kit(
      'command/interruption command/named-profile render/blocking-streams render/closed-terminal render/lost-output input/sign-of-life input/standard-input render/print-at-once render/standard-streams',
    ),
    tests: [
      'packages/kit/src/**/*.test.ts',
      'packages/plugin-*/test/*.test.ts',
      'packages/cli/test/*.test.ts',
    ],
    processes: true,
  },
  'plugin-keys': {
    mutate: ['packages/plugin-keys/src/commands/**/*.ts'],
    tests: ['packages/plugin-keys/{src,test}/**/*.test.ts'],
    processes: true,
  },
  'plugin-keys/keys': {
    mutate: ['packages/plugin-keys/src/keys/*.ts'],
    tests: ['packages/plugin-keys/src/keys/*.test.ts'],
    atLeast: 90,
  },
  'plugin-account/services': {
    // Without the flags, which are words that the help shows.
    mutate: ['packages/plugin-account/src/{team,two-factor}/!(proof-flags).ts'],
    tests: ['packages/plugin-account/src/**/*.test.ts'],
  },
  'plugin-permissions/services': {
    mutate: ['packages/plugin-permissions/src/{audit,documents,policy,probe,requested-actions}/*.ts'],
    tests: ['packages/plugin-permissions/src/**/*.test.ts'],
  },
  cli: {
    mutate: ['packages/cli/src/commands/**/*.ts', 'packages/cli/src/keys/*.ts'],
    tests: ['packages/cli/src/commands/**/*.test.ts', 'packages/cli/test/*.test.ts'],
    processes: true,
  },
};
