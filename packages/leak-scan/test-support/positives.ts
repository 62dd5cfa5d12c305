import type { Random } from './random.js';

/** A file with a key in it. */
export interface Positive {
  form: string;
  path: string;
  text: string;
  key: string;
}

type Form = (key: string, random: Random) => { path: string; text: string };

const name = (random: Random) =>
  random.of(
    'VAST_API_KEY',
    'VASTAI_API_KEY',
    'VAST_AI_API_KEY',
    'VAST_KEY',
    'VASTAI_TOKEN',
    'MY_VAST_API_KEY',
  );
const field = (random: Random) =>
  random.of('vast_api_key', 'vastApiKey', 'vast-api-key', 'vastai_key', 'VAST_API_KEY', 'vast.api_key');
const quote = (random: Random) => random.of('"', "'");
const host = (random: Random) => random.of('console.vast.ai', 'run.vast.ai', 'cloud.vast.ai');
const gap = (random: Random) => '\n'.repeat(random.below(3) + 1);

/** Where keys are found, as people write them. */
const FORMS: Record<string, Form> = {
  'a variable of a shell': (key, random) => {
    const q = random.of('"', "'", '');
    return {
      path: random.of('.env', 'deploy.sh', '.bashrc'),
      text: `${random.of('export ', '', 'readonly ')}${name(random)}=${q}${key}${q}`,
    };
  },
  JSON: (key, random) => ({
    path: 'settings.json',
    text: random.of(
      `{\n  "region": "eu",\n  "${field(random)}": "${key}"\n}`,
      `{"${field(random)}":"${key}","x":1}`,
      `{"name": "${name(random)}", "value": "${key}"}`,
    ),
  }),
  YAML: (key, random) => ({
    path: 'values.yaml',
    text: random.of(
      `env:\n  ${field(random)}: ${key}`,
      `env:\n  - name: ${name(random)}\n    value: "${key}"`,
      `${field(random)}: >-\n  ${key}`,
      `${field(random)}: '${key}' # production`,
    ),
  }),
  'TOML and INI': (key, random) => ({
    path: random.of('config.toml', 'config.ini'),
    text: random.of(
      `[secrets]\n${field(random)} = "${key}"`,
      `[vast]\n# the key\napi_key = "${key}"`,
      `[vastai]\nurl = x\ntoken=${key}`,
    ),
  }),
  'a default of a shell': (key, random) => ({
    path: 'run.sh',
    text: `curl -H "X: ${'${'}${name(random)}${random.of(':-', '-', ':=')}${key}}"`,
  }),
  'set api-key': (key, random) => ({
    path: random.of('README.md', 'setup.sh', 'Dockerfile'),
    text: random.of(
      `${random.of('$ ', 'RUN ', '')}vastai set api-key ${key}`,
      `vastai set api-key "${key}"`,
      `vastai set api-key \\\n  ${key}`,
      `subprocess.run(["vastai", "set", "api-key", "${key}"])`,
      `./vast.py set api-key ${key}`,
    ),
  }),
  '--api-key': (key, random) => ({
    path: random.of('run.sh', 'Makefile', 'notes.txt'),
    text: `vastai ${random.of('show instances', 'search offers', 'destroy instance 42')} --api-key${random.of(' ', '=')}${random.of('', '"', "'")}${key}`,
  }),
  'an option of docker': (key, random) => ({
    path: 'run.sh',
    text: `docker run ${random.of('-e ', '--env ', '--env=', '-e')}${name(random)}=${key} image`,
  }),
  'a bearer token': (key, random) => {
    const q = quote(random);
    return {
      path: random.of('call.sh', 'client.py'),
      text: random.of(
        `curl -H ${q}Authorization: Bearer ${key}${q} https://${host(random)}/api/v0/instances/`,
        `url = "https://${host(random)}/api/v0"${gap(random)}headers = {"Authorization": "Bearer ${key}"}`,
        `headers = {"Authorization": "Bearer ${key}"}${gap(random)}requests.get("https://${host(random)}/api/v0/users/current")`,
      ),
    };
  },
  'a parameter of an address': (key, random) => ({
    path: random.of('call.sh', 'access.log'),
    text: random.of(
      `GET https://${host(random)}/api/v0/instances?api_key=${key}`,
      `https://${host(random)}/route/?owner=me&api_key=${key}&x=1`,
      `requests.get("https://${host(random)}/api/v0/x", params={"api_key": "${key}"})`,
    ),
  }),
  'a client': (key, random) => {
    const q = quote(random);
    return {
      path: 'client.py',
      text: random.of(
        `vast = VastAI(${q}${key}${q})`,
        `client = VastAI(api_key=${q}${key}${q}, raw=True)`,
        `client = VastAI(\n    retry=3,\n    api_key=${q}${key}${q},\n)`,
        `client = AsyncClient(${q}${key}${q}, vast_server=url)`,
        `client = SyncClient(api_key=${q}${key}${q}, vast_server=url)`,
        `const client = new VastClient({ apiKey: ${q}${key}${q} })`,
      ),
    };
  },
  dstack: (key, random) => ({
    path: random.of('config.yml', 'server.yaml'),
    text: random.of(
      `projects:\n- name: main\n  backends:\n  - type: vastai\n    creds:\n      type: api_key\n      api_key: ${key}`,
      `backends:\n  - creds:\n      type: api_key\n      api_key: ${key}\n    type: vastai`,
      `backends:\n  - type: vastai\n    creds: { type: api_key, api_key: ${key} }`,
      `backends: [{type: vastai, creds: {type: api_key, api_key: "${key}"}}]`,
    ),
  }),
  'a key file': (key, random) => ({
    path: random.of(
      'vast_api_key',
      'home/.vast_api_key',
      '.config/vastai/vast_api_key',
      'backup/vast_api_key.bak',
      'vastai_kaalia/api_key',
      'vast-key.txt',
    ),
    text: random.of(key, `${key}\n`, `  ${key}\r\n`),
  }),
  'shell history': (key, random) => ({
    path: random.of('.bash_history', '.zsh_history', 'fish_history'),
    text: random.of(
      `: 17${random.below(1e8)}:0;vastai set api-key ${key}`,
      `- cmd: vastai set api-key ${key}\n  when: 17`,
      `cd x && vastai set api-key ${key}`,
      `echo ${key} > ~/.vast_api_key`,
      `echo "${key}" | vastai set api-key`,
      `${name(random)}=${key} python train.py`,
    ),
  }),
  'source code': (key, random) => ({
    path: random.of('a.py', 'a.ts', 'a.go', 'a.rs', 'a.java'),
    text: random.of(
      `os.environ["${name(random)}"] = "${key}"`,
      `key = os.getenv("${name(random)}", "${key}")`,
      `const key = process.env.${name(random)} ${random.of('||', '??')} '${key}';`,
      `const ${name(random)}: &str = "${key}";`,
      `vastKey := "${key}"`,
      `private static final String vastApiKey = "${key}";`,
      `VAST = "${key}"`,
      `define('${name(random)}', '${key}');`,
    ),
  }),
  'a section': (key, random) => ({
    path: random.of('providers.yaml', 'providers.json'),
    text: random.of(
      `providers:\n  vast:\n    region: eu\n    api_key: ${key}`,
      `{\n  "vastai": {\n    "apiKey": "${key}"\n  }\n}`,
      `- provider: vast\n  token: ${key}`,
      `clients = {vast: {retry: 2, apiKey: "${key}"}}`,
    ),
  }),
  'a key over two lines': (key, random) => {
    const at = 4 + random.below(56);
    const [one, two] = [key.slice(0, at), key.slice(at)];
    return {
      path: random.of('mail.eml', 'a.py', 'run.sh'),
      text: random.of(
        `${name(random)}=${one}\n${two}`,
        `${name(random)}=${one}\\\n${two}`,
        `${name(random)}=${one}=\r\n${two}`,
        `vast_key = ("${one}"\n            "${two}")`,
        `const vastKey = '${one}' +\n  '${two}';`,
      ),
    };
  },
  'a minified bundle': (key, random) => {
    const noise = () =>
      `var ${random.of('a', 'b')}=function(e,t){return e[${random.below(99)}]("${random.hex(20)}")};`.repeat(
        40,
      );
    return {
      path: 'bundle.min.js',
      text: `${noise()}${random.of(`n.vastApiKey="${key}"`, `x={vast:{apiKey:"${key}"}}`, `new VastAI("${key}")`, `c("${name(random)}","${key}")`)};${noise()}`,
    };
  },
  'a string that is given to a command': (key, random) => ({
    path: random.of('setup.sh', 'setup.ps1'),
    text: random.of(
      `gh secret set ${name(random)} <<< "${key}"`,
      `echo ${key} | gh secret set ${name(random)}`,
      `echo -n "${key}" | gcloud secrets create vast-api-key --data-file=-`,
      `aws ssm put-parameter --name /prod/${name(random)} --type SecureString --value ${key}`,
      `Set-Item -Path Env:${name(random)} -Value "${key}"`,
      `${name(random)}="${'${'}1:-${key}}"`,
    ),
  }),
  'a value with its name behind it or above it': (key, random) => ({
    path: random.of('pod.yaml', 'task.json'),
    text: random.of(
      `env:\n- value: ${key}\n  name: ${name(random)}`,
      `{ "value": "${key}", "name": "${name(random)}" }`,
      `{\n  "key": "${name(random)}",\n  "description": "x",\n  "value": "${key}"\n}`,
      `variables:\n  ${name(random)}:\n    value: "${key}"\n    description: x`,
      `write_files:\n- path: /root/.vast_api_key\n  content: ${key}`,
      `${field(random)}: ${random.of('&key', '!!str')} ${key}`,
    ),
  }),
  'a script with the address of the API': (key, random) => ({
    path: random.of('call.py', 'call.go', '.netrc'),
    text: random.of(
      `API_KEY = "${key}"${gap(random)}BASE_URL = "https://${host(random)}/api/v0"`,
      `curl -H "Authorization: Bearer ${key}" "$VAST_URL/instances"`,
      `client.get("https://${host(random)}/api/v0/").bearer_auth("${key}")`,
      `s.headers["Authorization"] = "Bearer " + "${key}"\ns.get("https://${host(random)}/api/v0/")`,
      `machine ${host(random)}\n  login api\n  password ${key}`,
    ),
  }),
  'other languages': (key, random) => ({
    path: random.of('a.go', 'a.rs', 'a.kt', 'a.rb', 'a.R', 'a.cc', 'a.py'),
    text: random.of(
      `var vastKey string = \`${key}\``,
      `env::var("${name(random)}").unwrap_or_else(|${random.of('_', '')}| "${key}".into())`,
      `System.getenv("${name(random)}") ?: "${key}"`,
      `ENV.fetch('${name(random)}') { '${key}' }`,
      `vast_api_key <- "${key}"`,
      `std::string vastApiKey{"${key}"};`,
      `Path("~/.vast_api_key").write_text("${key}")`,
      `with open(os.path.expanduser("~/.vast_api_key"), "w") as f:\n    f.write("${key}")`,
      `VAST_API_KEYS = [\n    "${random.hex(64)}",\n    "${key}",\n]`,
      `"{\\\\\\"${name(random)}\\\\\\":\\\\\\"${key}\\\\\\"}"`,
      `NEXT_PUBLIC_VAST_API_KEY=${key}`,
      `Vast.ai API key ${random.of('-', '–')} ${key}`,
    ),
  }),
  'a notebook': (key, random) => ({
    path: 'a.ipynb',
    text: `   "source": [\n    "${random.of('%env ', 'import os\\n",\n    "', '!export ')}${name(random)}=${random.of('', '\\"')}${key}\\n"\n   ]`,
  }),
};

/** Returns a number of files of each form. */
export function positives(random: Random, each: number): Positive[] {
  return Object.entries(FORMS).flatMap(([form, make]) =>
    Array.from({ length: each }, () => {
      const key = random.hex(64);
      const { path, text } = make(key, random);
      const isWhole = form === 'a key file';
      const around = `${'# a line of something else\n'.repeat(random.below(4))}`;
      return { form, key, path, text: isWhole ? text : `${around}${text}\n${around}` };
    }),
  );
}
