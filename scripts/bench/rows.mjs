/**
 * @typedef {object} Row what is measured, and what it may cost
 * @property {string} name as it stands in the tables
 * @property {string} [short] as it stands in the plot, where it is not the name
 * @property {readonly string[]} args of `vastai`
 * @property {'empty' | 'file' | 'keychain'} home what is saved in the home it runs in
 * @property {boolean} [envKey] whether the key is in its environment
 * @property {'node' | 'script' | 'env'} by its yardstick
 * @property {'time' | 'memory'} of
 * @property {'checkout' | 'installed'} [on] the only subject that has it
 * @property {number} [times] how many times as many pairs as the others it takes
 * @property {number} limit the greatest ratio that is good enough
 * @property {number} aim the greatest ratio that is wanted
 */

const SHOW_USER = ['show', 'user', '--json'];

/** What each yardstick is called. */
export const YARDSTICKS = /** @type {const} */ ({
  node: '`node -e 0`',
  script: 'the bare script',
  env: 'key in `VAST_API_KEY`',
});

/** `vastai show user` with a key from the environment: a yardstick for where else a key can be. */
export const WITH_ENV_KEY = /** @type {const} */ ({ args: SHOW_USER, home: 'empty', envKey: true });

/** The name of the file that `permissions validate` reads, in the folder that every command runs in. */
export const PERMISSION_FILE = 'permissions.json';

/** @type {readonly Row[]} */
export const ROWS = [
  {
    name: '`vastai --version`',
    args: ['--version'],
    home: 'empty',
    by: 'node',
    of: 'time',
    limit: 2.0,
    aim: 1.6,
  },
  { name: '`vastai --help`', args: ['--help'], home: 'empty', by: 'node', of: 'time', limit: 2.0, aim: 1.6 },
  {
    name: '`vastai show user --json`',
    ...WITH_ENV_KEY,
    by: 'script',
    of: 'time',
    on: 'checkout',
    limit: 2.0,
    aim: 1.5,
  },
  {
    name: '`vastai show user --json`, from an installed plugin',
    short: 'vastai show user, from a plugin',
    ...WITH_ENV_KEY,
    by: 'script',
    of: 'time',
    on: 'installed',
    limit: 2.2,
    aim: 1.7,
  },
  {
    name: 'the same, key in the key file',
    short: 'vastai show user, key in the key file',
    args: SHOW_USER,
    home: 'file',
    by: 'env',
    of: 'time',
    // So near to 1 that a busy machine would decide it.
    times: 3,
    limit: 1.05,
    aim: 1.02,
  },
  {
    name: 'the same, key in the keychain',
    short: 'vastai show user, key in the keychain',
    args: SHOW_USER,
    home: 'keychain',
    by: 'env',
    of: 'time',
    limit: 2.0,
    aim: 1.4,
  },
  {
    name: '`vastai permissions validate`, 1 KiB',
    args: ['permissions', 'validate', PERMISSION_FILE],
    home: 'empty',
    by: 'node',
    of: 'time',
    limit: 2.2,
    aim: 1.7,
  },
  {
    name: 'peak memory of `vastai show user --json`',
    short: 'peak memory of vastai show user',
    ...WITH_ENV_KEY,
    by: 'script',
    of: 'memory',
    limit: 1.5,
    aim: 1.2,
  },
];
