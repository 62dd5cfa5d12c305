/**
 * What npm must be set to so that it installs a plugin into dataDir, whole, and notes it there, with nothing of the
 * package being run. Settings that say from where and how to fetch stay the person's: registry, proxy, authorities,
 * `offline`, `before`.
 */
const OVERRULED: Readonly<Record<string, string>> = {
  'ignore-scripts': 'true',
  // It would ask the registry for a newer npm.
  'update-notifier': 'false',
  // Where it goes.
  location: 'project',
  global: 'false',
  'install-strategy': 'hoisted',
  workspaces: 'null',
  'include-workspace-root': 'false',
  // Whether it goes anywhere.
  'dry-run': 'false',
  'package-lock-only': 'false',
  usage: 'false',
  'allow-file': 'all',
  'if-present': 'false',
  // Whether it is noted, and as what.
  save: 'true',
  'save-bundle': 'false',
  'save-dev': 'false',
  'package-lock': 'true',
  // Which of its dependencies come with it, and for which system.
  omit: 'dev',
  include: 'prod',
  cpu: 'null',
  os: 'null',
  libc: 'null',
  // What it prints.
  json: 'false',
  long: 'false',
};

/** Settings that npm has under older names, or that only a command line may have. A variable of that name is removed. */
const REMOVED = [
  'also',
  'dev',
  'global-style',
  'legacy-bundling',
  'local-prefix',
  'only',
  'optional',
  'prefix',
  'production',
  // npm wants no more than one of these and save-dev.
  'save-optional',
  'save-peer',
  'save-prod',
  'shrinkwrap',
  'workspace',
];

/** How long npm waits for a registry that does not answer: by itself over a minute, without a word. A person may choose. */
const DEFAULTS: Readonly<Record<string, string>> = {
  npm_config_fetch_retries: '1',
  npm_config_fetch_retry_mintimeout: '500',
  npm_config_fetch_timeout: '20000',
  // Settings in a repository could name another program.
  npm_config_git: 'git',
};

/**
 * Sets the variables of npm in `env`. A variable counts more than the settings of the user and of the folder, and the
 * npm that prepares a package from a repository inherits it.
 */
export function overruleNpmSettings(env: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(env)) {
    const setting = /^npm_config_(?<setting>.+)$/iu.exec(name)?.groups?.setting;
    const plain = setting?.toLowerCase().replaceAll('_', '-') ?? '';
    if (Object.hasOwn(OVERRULED, plain) || REMOVED.includes(plain)) delete env[name];
  }
  for (const [name, value] of Object.entries(OVERRULED))
    env[`npm_config_${name.replaceAll('-', '_')}`] = value;
  for (const [name, value] of Object.entries(DEFAULTS)) env[name] ??= value;
}
