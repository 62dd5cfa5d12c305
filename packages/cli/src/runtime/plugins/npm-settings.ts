/**
 * The npm settings that install a complete plugin into dataDir and record it there, without running any of its code. The
 * user's settings for downloads still apply: registry, proxy, certificate authorities, `offline`, `before`.
 */
const OVERRULED: Readonly<Record<string, string>> = {
  'ignore-scripts': 'true',
  // It would ask the registry for a newer npm.
  'update-notifier': 'false',
  // The destination.
  location: 'project',
  global: 'false',
  'install-strategy': 'hoisted',
  workspaces: 'null',
  'include-workspace-root': 'false',
  // No dry runs.
  'dry-run': 'false',
  'package-lock-only': 'false',
  usage: 'false',
  'allow-file': 'all',
  'if-present': 'false',
  // The record in package.json.
  save: 'true',
  'save-bundle': 'false',
  'save-dev': 'false',
  'package-lock': 'true',
  // The dependencies to install, and the system to install them for.
  omit: 'dev',
  include: 'prod',
  cpu: 'null',
  os: 'null',
  libc: 'null',
  // The output.
  json: 'false',
  long: 'false',
};

/** Older names of such settings, and settings that only a command line may have. Their variables are removed. */
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
  // npm allows only one of these and save-dev.
  'save-optional',
  'save-peer',
  'save-prod',
  'shrinkwrap',
  'workspace',
];

/** Defaults that the user can override. npm alone would wait silently for more than a minute if the registry does not respond. */
const DEFAULTS: Readonly<Record<string, string>> = {
  npm_config_fetch_retries: '1',
  npm_config_fetch_retry_mintimeout: '500',
  npm_config_fetch_timeout: '20000',
  // The settings of a repository could run another program.
  npm_config_git: 'git',
};

/**
 * Sets the variables of npm in `env`. They override the settings of the user and of the folder, and the npm that prepares
 * a package from a repository inherits them.
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
