/** Describes every variable that vastai reads. `vastai help environment` and `docs/environment.md` are generated from it. */
export const VARIABLES = withNames({
  VAST_API_KEY: 'The API key to send, before any saved one.',
  VAST_API_KEY_FILE: 'The path of a file that holds the API key, such as a container secret.',
  VAST_PROFILE: 'The profile to use, unless `--profile` is given.',
  VAST_URL: 'The URL of the API, unless `--url` is given.',
  VASTAI_STORAGE: 'The place for new keys: `auto`, `keychain` or `file`.',
  VASTAI_KEYCHAIN_TIMEOUT: 'The time limit of a keychain call or a key command, in seconds.',
  VASTAI_AUTO_INSTALL: 'Set to `1`, `true`, `yes` or `on` to install a missing plugin without asking.',
  VASTAI_NPM_REGISTRY: 'The npm registry to install plugins from.',
  NO_COLOR: 'Set to any value to turn colour off.',
  TERM: 'Set to `dumb` to turn off colour, and the line that shows progress.',
  CI: 'Set to any value to turn off the line that shows progress.',
  XDG_CONFIG_HOME: 'The folder above `vastai/` for key files and settings; an absolute path.',
  XDG_STATE_HOME: 'The folder above `vastai/` for the receipts of `config migrate`; an absolute path.',
  XDG_DATA_HOME: 'The folder above `vastai/` for plugins.',
  LOCALAPPDATA: 'The folder above `vastai/` for plugins, on Windows.',
  VASTAI_DATA_DIR: 'The folder for plugins itself.',
  XDG_CACHE_HOME: 'The folder above `vastai/` for compiled code; an absolute path.',
  NODE_DISABLE_COMPILE_CACHE: 'Set to any value to neither save nor use compiled code.',
  HOME: 'The folder above `.config`, `.cache`, `.local` and `.vast_api_key`.',
  SHELL: 'The shell that `autocomplete` sets up, unless one is named.',
  XDG_RUNTIME_DIR: 'The folder of the D-Bus session bus, unless DBUS_SESSION_BUS_ADDRESS is set.',
  DBUS_SESSION_BUS_ADDRESS: 'The address of the D-Bus session bus, which connects to Linux keychains.',
  SSH_CONNECTION: 'Set by sshd. Over SSH, no keychain can ask for its password.',
  HTTPS_PROXY: 'The proxy for https requests.',
  https_proxy: 'The same, in lower case.',
  ALL_PROXY: 'The proxy for every request, unless HTTPS_PROXY is set.',
  all_proxy: 'The same, in lower case.',
  NO_PROXY: 'The hosts to reach without the proxy.',
  no_proxy: 'The same, in lower case.',
  NODE_EXTRA_CA_CERTS: 'A file of certificate authorities to trust, in addition to those of Node.',
  SSL_CERT_FILE: 'A file of certificate authorities to trust; Node reads it only with `--use-openssl-ca`.',
  SSL_CERT_DIR: 'A folder of certificate authorities to trust; Node reads it only with `--use-openssl-ca`.',
  NODE_OPTIONS: 'Options of Node, such as `--use-openssl-ca` for the two variables above.',
  NODE_TLS_REJECT_UNAUTHORIZED: 'Ignored for requests with a key: certificates are always verified.',
  NODE_ENV: 'Set to `development` to load the plugins of a checkout.',
  DEBUG: 'Ignored, because libraries would print arguments, and with them a key.',
  VASTAI_DEBUG: 'Set to `1` to see more of the errors of oclif.',
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

/** Returns `env` without the variables that hold a key or the path of one, for programs that vastai starts. */
export function environmentWithoutKeys(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const { VAST_API_KEY: _, VAST_API_KEY_FILE: __, ...rest } = env;
  return rest;
}
