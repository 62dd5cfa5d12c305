/** Lists every variable that vastai takes from the environment, with what it is for: `docs/environment.md` is made of it. */
export const VARIABLES = withNames({
  VAST_API_KEY: 'the API key to send, before any saved one',
  VAST_API_KEY_FILE: 'the path of a file that holds the API key, as container secrets do',
  VAST_PROFILE: 'the profile to use, when `--profile` does not say',
  VAST_URL: 'the API to talk to, when `--url` does not say',
  VASTAI_STORAGE: 'where new keys are kept: `auto`, `keychain` or `file`',
  VASTAI_KEYCHAIN_TIMEOUT: 'the time limit of one keychain call, or of a key command, in seconds',
  VASTAI_AUTO_INSTALL:
    'with `1`, `true`, `yes` or `on`, a plugin is installed without a question when a command of it is run',
  VASTAI_NPM_REGISTRY: 'the npm registry that plugins come from',
  NO_COLOR: 'switches colour off',
  TERM: 'with `dumb`, there is no colour, and no line that changes while a command waits',
  CI: 'with any value, there is no line that changes while a command waits',
  XDG_CONFIG_HOME: 'the folder above `vastai/`, where key files and settings are; an absolute path',
  XDG_STATE_HOME: 'the folder above `vastai/`, where the receipts of `config migrate` are; an absolute path',
  XDG_DATA_HOME: 'the folder above `vastai/`, where plugins are installed',
  LOCALAPPDATA: 'the same, on Windows',
  VASTAI_DATA_DIR: 'the folder itself, where plugins are installed',
  XDG_CACHE_HOME: 'the folder above `vastai/`, where compiled code is kept; an absolute path',
  NODE_DISABLE_COMPILE_CACHE: 'with any value, no compiled code is kept or taken',
  HOME: 'the folder above `.config`, `.cache`, `.local` and the places of older versions',
  SHELL: 'the shell that `autocomplete` is for, when it is not named',
  XDG_RUNTIME_DIR: 'where the session bus is, when DBUS_SESSION_BUS_ADDRESS does not say',
  DBUS_SESSION_BUS_ADDRESS: 'the session bus, through which Linux keychains are reached',
  SSH_CONNECTION: 'set by sshd: nothing can ask for the password of a keychain there',
  HTTPS_PROXY: 'the proxy for https requests',
  https_proxy: 'the same, in lower case',
  ALL_PROXY: 'the proxy for every request, when HTTPS_PROXY is not set',
  all_proxy: 'the same, in lower case',
  NO_PROXY: 'hosts that are reached without the proxy',
  no_proxy: 'the same, in lower case',
  NODE_EXTRA_CA_CERTS: 'a file of certificate authorities that Node trusts besides its own',
  SSL_CERT_FILE: 'the certificate authorities to trust; Node reads it only with `--use-openssl-ca`',
  SSL_CERT_DIR: 'the same, a folder of them',
  NODE_OPTIONS: 'options of Node: `--use-openssl-ca` for the two above',
  NODE_TLS_REJECT_UNAUTHORIZED: 'ignored where a key is sent: certificates are always verified',
  NODE_ENV: 'with `development`, the plugins of a checkout are loaded',
  DEBUG: 'ignored: the libraries underneath would print arguments, and a key among them',
  VASTAI_DEBUG: 'with `1`, oclif shows more of its errors',
});

/** Names a variable that vastai takes from the environment. */
export type VariableName = keyof typeof VARIABLES;
/** Holds the variables that are set; `docs/environment.md` says what each is for. */
export type Environment = { readonly [Name in VariableName]?: string };

/** Keeps the names in the type, and not the sentences. */
function withNames<Name extends string>(
  variables: Readonly<Record<Name, string>>,
): Readonly<Record<Name, string>> {
  return variables;
}

/** Picks the variables that vastai knows from an environment such as `process.env`; an empty one counts as unset. */
export function readEnvironment(env: NodeJS.ProcessEnv): Environment {
  const known: { [Name in VariableName]?: string } = {};
  for (const name of Object.keys(VARIABLES) as VariableName[]) {
    const value = env[name];
    if (value !== undefined && value.trim() !== '') known[name] = value;
  }
  return known;
}

/** `env` without the variables that hold a key or tell where one is: a program that is started needs neither. */
export function environmentWithoutKeys(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const { VAST_API_KEY: _, VAST_API_KEY_FILE: __, ...rest } = env;
  return rest;
}
