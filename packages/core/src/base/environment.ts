/** Describes every variable that vastai reads. `vastai help environment` and `docs/environment.md` are generated from it. */
export const VARIABLES = withNames({
  VAST_API_KEY: 'The API key to send. It overrides a saved key, unless `--profile` is given.',
  VAST_API_KEY_FILE: 'The path to a file that contains the API key, such as a container secret.',
  VAST_PROFILE: 'The profile to use, unless `--profile` is given.',
  VAST_URL: 'The URL of the API, unless `--url` is given.',
  CONTAINER_ID: 'Set by Vast.ai on a rented machine: the ID of the instance.',
  CONTAINER_API_KEY:
    'Set by Vast.ai on a rented machine: a key that can start, stop and destroy that instance. Sent only if you pass it yourself.',
  VASTAI_BROKER:
    'Set by `exec --broker` for the program: no saved key is read, and commands that handle keys fail.',
  VASTAI_STORAGE: 'Where to store new keys: `auto`, `keychain` or `file`.',
  VASTAI_KEYCHAIN_TIMEOUT: 'The time limit for a keychain call or a key command, in seconds.',
  VASTAI_AUTO_INSTALL: 'Set to `1`, `true`, `yes` or `on` to install a missing plugin without asking.',
  VASTAI_NPM_REGISTRY: 'The npm registry to install plugins from.',
  PATH: 'The folders in which vastai looks for the official CLI.',
  VASTAI_OFFICIAL_CLI: 'The absolute path of the official CLI, if it is not the first on PATH.',
  VASTAI_HANDED_OVER:
    'Set by vastai to the path of the official CLI that it starts, so that the two never call each other in a loop.',
  VASTAI_PAGER:
    'The command that shows long lists page by page on a terminal, instead of the one in PAGER. `cat` turns it off.',
  PAGER: 'The same, for all programs.',
  NO_COLOR: 'Set to any value to turn off colour.',
  TERM: 'Set to `dumb` to turn off colour and the progress line.',
  CI: 'Set to any value to turn off prompts and the progress line.',
  VASTAI_NO_INPUT: 'Set to any value to turn off prompts: a command that would ask fails.',
  XDG_CONFIG_HOME: 'The parent of the `vastai/` folder for key files and settings; must be an absolute path.',
  XDG_STATE_HOME:
    'The parent of the `vastai/` folder for the receipts of `config migrate`; must be an absolute path.',
  XDG_DATA_HOME: 'The parent of the `vastai-cli/` folder for plugins.',
  LOCALAPPDATA: 'The parent of the `vastai-cli/` folder for plugins on Windows.',
  VASTAI_DATA_DIR: 'The folder for plugins, instead of the one in XDG_DATA_HOME or LOCALAPPDATA.',
  XDG_CACHE_HOME: 'The parent of the `vastai-cli/` folder for compiled code; must be an absolute path.',
  NODE_DISABLE_COMPILE_CACHE: 'Set to any value to turn off the cache of compiled code.',
  HOME: 'Your home folder, which contains `.config`, `.cache`, `.local` and `.vast_api_key`.',
  SHELL:
    'The shell that `autocomplete` sets up, unless you name one, and that `exec` starts without a command.',
  COMSPEC: 'The shell that `exec` starts without a command on Windows.',
  XDG_RUNTIME_DIR:
    'The folder with the socket of the D-Bus session bus, unless DBUS_SESSION_BUS_ADDRESS is set.',
  DBUS_SESSION_BUS_ADDRESS:
    'The address of the D-Bus session bus, through which vastai reaches Linux keychains.',
  SSH_CONNECTION: 'Set by sshd. If it is set, errors explain how to use a locked keychain over SSH.',
  HTTPS_PROXY: 'The proxy for HTTPS requests.',
  https_proxy: 'The same, in lowercase.',
  ALL_PROXY: 'The proxy for every request, unless HTTPS_PROXY is set.',
  all_proxy: 'The same, in lowercase.',
  NO_PROXY: 'The hosts to reach without a proxy.',
  no_proxy: 'The same, in lowercase.',
  NODE_EXTRA_CA_CERTS: 'A file of certificate authorities to trust in addition to those that Node trusts.',
  SSL_CERT_FILE: 'A file of certificate authorities to trust; Node reads it only with `--use-openssl-ca`.',
  SSL_CERT_DIR: 'A folder of certificate authorities to trust; Node reads it only with `--use-openssl-ca`.',
  NODE_OPTIONS: 'Options for Node, such as `--use-openssl-ca` for the two variables above.',
  NODE_TLS_REJECT_UNAUTHORIZED: 'Ignored for requests with a key: certificates are always verified.',
  NODE_ENV: 'Set to `development` to load the plugins of a checkout.',
  DEBUG: 'Ignored, because it makes libraries print arguments, which can include a key.',
  VASTAI_DEBUG: 'Set to `1` to show the details of oclif errors.',
});

/** The name of a variable that vastai reads from the environment. */
export type VariableName = keyof typeof VARIABLES;
/** Holds the variables that are set. `docs/environment.md` describes each of them. */
export type Environment = { readonly [Name in VariableName]?: string };

/** Returns `variables`, typed by their names but not their sentences. */
function withNames<Name extends string>(
  variables: Readonly<Record<Name, string>>,
): Readonly<Record<Name, string>> {
  return variables;
}

/** Returns the variables of an environment such as `process.env` that vastai reads. An empty one counts as unset. */
export function readEnvironment(env: NodeJS.ProcessEnv): Environment {
  const known: { [Name in VariableName]?: string } = {};
  for (const name of Object.keys(VARIABLES) as VariableName[]) {
    const value = env[name];
    if (value !== undefined && value.trim() !== '') known[name] = value;
  }
  return known;
}

/** Returns the ID of the instance that this machine is, from CONTAINER_ID. Distrobox sets it too, to a name. */
export function instanceIdOf({ CONTAINER_ID: id = '' }: Environment): number | undefined {
  return /^[1-9]\d{0,14}$/u.test(id.trim()) ? Number(id) : undefined;
}

/** Returns true on a machine that is rented from Vast.ai. Its owner can read everything on it. */
export function isRentedMachine(environment: Environment): boolean {
  return instanceIdOf(environment) !== undefined || environment.CONTAINER_API_KEY !== undefined;
}

/** Returns true in a program that `exec --broker` started: it has a token instead of a key, and reads no saved one. */
export function isInBroker({ VASTAI_BROKER }: Environment): boolean {
  return VASTAI_BROKER !== undefined;
}

/** Returns `env` without the variables that hold a key or the path of one, for programs that vastai starts. */
export function environmentWithoutKeys(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const { VAST_API_KEY: _, VAST_API_KEY_FILE: __, ...rest } = env;
  return rest;
}
