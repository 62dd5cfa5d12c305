// Checks the rules of CONTRIBUTING.md that no compiler or linter knows: `node scripts/check-rules.mjs [CHECKOUT]`.
// It reads the sources as text, without their comments.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The modules that the rules speak of, below packages/. */
const HOME = {
  environment: 'core/src/base/environment.ts',
  paths: 'core/src/config/paths.ts',
  routes: ['core/src/api/', 'permissions/src/', 'sandbox/src/'],
  pure: ['permissions/src/', 'leak-scan/src/'],
  unseen: ['core/src/base/unseen.ts', 'core/src/base/terminal-safe.ts', 'permissions/src/json/unseen.ts'],
  jsonObject: ['core/src/base/json-object.ts', 'permissions/src/json/json-object.ts'],
  boundedRead: 'core/src/files/bounded-read.ts',
  atomicWrite: 'core/src/files/atomic-write.ts',
  findPackage: 'core/src/files/find-package.ts',
  spelling: 'permissions/src/catalogue/spelling.ts',
  action: 'permissions/src/decision/action.ts',
  signals: 'testing/src/processes.ts',
};

/**
 * The files that may break a rule, below packages/, each with the reason. An entry that is no longer needed fails the check.
 * "To be moved" marks what should follow the rule and does not yet.
 */
const EXCEPTIONS = {
  'process.env': {
    [HOME.environment]: 'hands a copy without the keys to the programs that are started',
    'cli/src/child/environment.ts': 'hands its environment to a program as it is',
    'cli/src/runtime/fast-path/main.ts':
      'has to start without the table, and removes DEBUG before a library reads it',
    'cli/src/runtime/fast-path/start.ts': 'has to start without the table',
    'cli/src/runtime/hooks/prerun.ts': 'changes the environment that npm inherits',
    'cli/src/runtime/plugins/load-config.ts': 'completes the environment that oclif reads',
    'core/src/secrets/command/program.ts': 'searches PATH, which is the system’s',
    'core/src/secrets/keychain/native/helper-process.ts': 'chooses what the helper process inherits',
    'kit/src/input/prompts.ts': 'tells Inquirer to leave out colour, which it takes from a variable only',
    'kit/src/render/terminal.ts': 'decides about colour for the environment that its caller passes',
  },
  paths: {
    [HOME.paths]: 'makes the paths',
    'core/src/files/home.ts': 'finds the home itself',
    'cli/src/runtime/fast-path/compile-cache.ts': 'has to start without core; the folder holds no keys',
    'cli/src/runtime/fast-path/compiled-file.ts': 'has to start without core; the folder holds no keys',
    'cli/src/commands/autocomplete/completion/kept-scripts.ts':
      'finds the scripts of earlier versions beside its own',
    'cli/src/runtime/plugins/plugin-folders.ts': 'has to find plugins where oclif puts them',
    'cli/src/runtime/plugins/complete-environment.ts': 'asks the system for the shell only',
  },
  routes: {
    'core/src/http/api-path.ts': 'completes the path that a person types',
  },
  reveal: {
    'broker/src/way/outgoing.ts': 'sends the key',
    'cli/src/child/environment.ts':
      'puts the key into the environment of a program, which is what exec is for',
    'cli/src/child/masking/key-forms.ts': 'has to know what it masks',
    'cli/src/commands/auth/token.ts': 'prints the key, which is its result',
    'cli/src/commands/exec/templates.ts': 'puts the key into a variable of a program',
    'core/src/http/client.ts': 'sends the key',
    'core/src/http/masking/key-redaction.ts': 'has to know what it masks',
    'core/src/secrets/file-store.ts': 'stores the key',
    'core/src/secrets/fingerprint.ts': 'hashes the key with a salt, to know it again',
    'core/src/secrets/keychain/entry.ts': 'stores the key and compares what is read back',
    'core/src/credentials/unsaved-key.ts': 'stores a new key until it is saved',
    'plugin-keys/src/commands/create/make-key.ts': 'prints a new key, which is its result',
    'plugin-keys/src/commands/rotate/rotation-result.ts': 'prints a new key that is not saved',
    'plugin-keys/src/commands/reset/keep-reset-key.ts': 'prints a new key that is not saved',
    'plugin-scan/src/keys/verify-keys.ts': 'sends a found key',
  },
  printing: {
    'kit/src/command/base-command.ts': 'sets the exit status, and ends work that a signal did not end',
    'kit/src/render/lost-output.ts': 'reports a failed write to standard output when the process exits',
    'kit/src/render/output.ts': 'prints results, and what there is to say besides',
    'kit/src/render/print-at-once.ts': 'prints without opening a stream, where that can be',
    'kit/src/render/progress.ts': 'rewrites one line of the terminal',
    'cli/src/runtime/fast-path/exit-as-asked.ts': 'ends the process the way oclif asks for',
    'cli/src/runtime/fast-path/main.ts': 'ends the process when nothing is left to do',
    'cli/src/runtime/hooks/prerun.ts': 'ends the process, as oclif goes on after an exit with 0 in a hook',
    'cli/src/runtime/help/help.ts': 'prints help, as oclif has it',
    'cli/src/runtime/oclif-path.ts': 'ends the process with an error that no command reported',
  },
  barrels: {
    'cli/src/commands/api/catalogue.ts': 'becomes a file of the build, which holds what it passes on',
  },
  state: {
    'core/src/secrets/keychain/native/helper-script.ts': 'holds the program of another process as a string',
  },
  'no I/O': {
    'leak-scan/src/fingerprint.ts': 'hashes, which is no I/O',
  },
  'unseen characters': {
    'core/src/base/api-key.ts': 'says what a key may consist of',
    'core/src/http/connection/proxy.ts': 'says what the address of a proxy may consist of',
    'permissions/src/report/formats/junit.ts': 'keeps to the characters that XML has',
    'plugin-keys/src/commands/create/api-key.ts': 'says what the name of a key may consist of',
  },
  'bounded reads': {
    'sandbox/src/body.ts': 'must leave the connection open for its refusal, and does not import core',
  },
  'atomic writes': {
    'core/src/files/kept-file.ts': 'puts the old file back',
    'cli/src/runtime/fast-path/compiled-file.ts':
      'writes a cache as the process exits, which nobody misses after a power cut',
    'cli/src/runtime/plugins/former-folder.ts': 'moves what is whole already',
    'cli/src/runtime/plugins/official.ts': 'gives a download its name once it is whole and checked',
  },
  actions: {
    'permissions/src/decision/decide.ts': 'decides for an operation that its caller knows by name',
  },
  length: {
    'permissions/src/catalogue/catalogue-data.ts': 'is a table',
    'permissions/src/catalogue/risk-data.ts': 'is a table',
  },
};

const MAX_LINES = 300;

/** Code that is released, as opposed to tests and what tests need. */
const isCode = (path) => /^[\w-]+\/src\//u.test(path) && !isForTests(path);
const isForTests = (path) => /\.test\.\w+$|\/(?:test|test-support|fuzz)\/|^testing\//u.test(path);
const isCodeBut = (homes) => (path) => isCode(path) && !homes.includes(path);
const isTest = (path) => /\.test\.\w+$/u.test(path);

/** Each rule says in which files it looks for what; `find` is a pattern, or gives the offsets of what it found. */
const RULES = {
  'process.env': {
    says: `A variable is a row of ${HOME.environment} and is read with readEnvironment(process.env).`,
    in: isCode,
    find: anyOf(
      /(?<!readEnvironment\()\bprocess\.env\b/u,
      /\{[^{}]*\benv\b[^{}]*\} = process\b/u,
      /['"]node:process['"]/u,
    ),
  },
  variables: {
    says: `Users read about every variable in docs/environment.md: give it a row in ${HOME.environment}.`,
    in: isCode,
    find: (code, { variables }) =>
      offsets(/\bprocess\.env\.(?<name>\w+)/gu, code, ({ name }) => !variables.has(name)),
  },
  instanceof: {
    says: 'A plugin has its own copy of core: tell our errors apart by code, and our classes by their fields.',
    in: isCode,
    find: (code, { errors }) => {
      const imported = [...code.matchAll(/import (?:type )?\{(?<names>[^}]*)\} from '@vastai-cli\//gu)];
      const foreign = new Set(imported.flatMap(({ groups }) => groups.names.match(/\w+/gu) ?? []));
      return offsets(
        /\binstanceof (?<name>\w+)/gu,
        code,
        ({ name }) => errors.has(name) || foreign.has(name),
      );
    },
  },
  paths: {
    says: `Paths of the home and of our folders are made in ${HOME.paths}.`,
    in: isCode,
    find: anyOf(
      /['"]\.(?:config|cache|local|vast_api_key)['"]/u,
      /\$\{\w+\}\/\.(?:config|cache|local|vast_api_key)\b/u,
      /\bjoin\((?:[^()]|\([^()]*\))*['"]vastai['"]/u,
      /\bjoin\([^;]*?\b(?:configFolder|receiptsFolder|profileFolder)\b/u,
      /\b(?:homedir|userInfo)\(/u,
    ),
  },
  routes: {
    says: `Routes of the API are called in ${HOME.routes[0]}, in the file of their resource.`,
    in: (path) => isCode(path) && !HOME.routes.some((folder) => path.startsWith(folder)),
    find: /['"`]\/api\/v\d/gu,
  },
  'no I/O': {
    says: `${HOME.pure.join(' and ')} work on what they are given; they read and write nothing.`,
    in: (path) => isCode(path) && HOME.pure.some((folder) => path.startsWith(folder)),
    find: /['"]node:|\bprocess\.(?!\.)|\bfetch\(/gu,
  },
  reveal: {
    says: 'A key is revealed only on a line that sends, stores or prints it. If this is one, add the file to EXCEPTIONS.',
    in: isCode,
    find: /\.reveal\(\)/gu,
  },
  printing: {
    says: 'Return a Result: the base command prints it in the format that was asked for, and sets the exit status.',
    in: (path) => isCode(path) && /^(?:cli|kit|plugin-[\w-]+)\/src\//u.test(path),
    find: anyOf(
      /\bprocess\.(?:stdout|stderr)\.write\b/u,
      /\bconsole\.\w+\(/u,
      /\bprocess\.(?:exit|abort|reallyExit)\(/u,
      /\bprocess\.exitCode\b/u,
      /\bthis\.(?:log|logJson|logToStderr|warn|error|exit)\(/u,
      /\boutput\.format\b/u,
      /\bformat [!=]==? ['"](?:human|raw)['"]/u,
    ),
  },
  state: {
    says: 'No module keeps state: each plugin has its own copy of it.',
    in: isCode,
    find: anyOf(
      /^(?:export )?(?:let|var) /u,
      /^(?:export )?const \w+(?:: [^=\n]+)? = (?:new (?:Weak)?(?:Map|Set)(?:<[^\n]*>)?\(\)|\[\]|\{\});/u,
    ),
  },
  'unseen characters': {
    says: `Which characters steer a terminal or hide in one is said in ${HOME.unseen[0]}; ${HOME.unseen[1]} takes them out.`,
    in: isCodeBut(HOME.unseen),
    find: /\\p\{(?:C[cf]?|DI)\}|\\(?:u00|x)(?:1f|7f|9f)/giu,
  },
  'JSON objects': {
    says: `Ask isObject of ${HOME.jsonObject.join(' or ')}.`,
    in: isCodeBut(HOME.jsonObject),
    find: /typeof [\w.]+ [!=]== 'object'[^;]{0,80}Array\.isArray\(/gu,
  },
  'bounded reads': {
    says: `Read up to a limit with ${HOME.boundedRead}.`,
    in: isCodeBut([HOME.boundedRead]),
    find: /\b(?:length|size|total|count) \+= \w+\.(?:length|byteLength)\b/gu,
  },
  'atomic writes': {
    says: `Replace a file with ${HOME.atomicWrite}.`,
    in: isCodeBut([HOME.atomicWrite]),
    find: /\brename(?:Sync)?\(/gu,
  },
  'installed packages': {
    says: `Look for an installed package with ${HOME.findPackage}.`,
    in: isCodeBut([HOME.findPackage]),
    find: /\b(?:folder|from|at|current|above|dir) = dirname\((?:folder|from|at|current|above|dir)\)[\s\S]{0,200}node_modules/gu,
  },
  'edit distance': {
    says: `Compare words with nearest of ${HOME.spelling}.`,
    in: isCodeBut([HOME.spelling]),
    find: /\[j - 1\]|levenshtein/giu,
  },
  actions: {
    says: `Read a request, a command or an operation with readAction of ${HOME.action}.`,
    in: isCodeBut([
      HOME.action,
      'permissions/src/catalogue/catalogue.ts',
      'permissions/src/catalogue/commands.ts',
      'permissions/src/decision/typed-command.ts',
    ]),
    find: /\b(?:operationNamed|commandNamed|readTypedCommand)\(|\[A-Za-z\]\+\)\\s\+/gu,
  },
  names: {
    says: 'A file is named for its one concept.',
    in: (path) => isCode(path) && /\/(?:utils?|helpers?|misc|common)(?:\/|\.ts$)/u.test(path),
    find: /^/u,
  },
  barrels: {
    says: 'Import from the file that has it; only the index.ts of a package passes on what is elsewhere.',
    in: (path) => isCode(path) && !/^[\w-]+\/src\/index\.ts$/u.test(path),
    find: /^export (?:type )?(?:\*[^;\n]*|\{[^}]*\}) from /gmu,
  },
  length: {
    says: `A file has one concept, and up to ${MAX_LINES} lines.`,
    in: (path) => /^[\w-]+\/src\//u.test(path),
    find: (_, { text }) => {
      const lines = text.split('\n').length - 1;
      return lines > MAX_LINES ? [text.length - 1] : [];
    },
  },
  'tests that run': {
    says: 'Every test runs: take out only, skip or todo. skipIf and runIf are for programs that may be missing.',
    in: isTest,
    find: /\b(?:describe|it|test)(?:\.\w+)*\.(?:only|skip|todo)\b|\bx(?:describe|it|test)\(/gu,
  },
  'signals in tests': {
    says: 'Send a signal with signalProcess of packages/testing: process.kill(0) ends the whole test run.',
    in: (path) => isForTests(path) && path !== HOME.signals,
    find: /\bprocess\.kill\(/gu,
  },
  mocks: {
    says: 'The parts of a test are real: nothing is mocked.',
    in: (path) => isForTests(path),
    find: /\bvi\.(?:mock|doMock|fn|spyOn|stubEnv|stubGlobal|useFakeTimers)\b/gu,
  },
};

const root = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url));
const files = readSources(join(root, 'packages'));
const known = {
  variables: new Set(
    files
      .get(HOME.environment)
      ?.match(/^ {2}\w+(?=:)/gmu)
      ?.map((name) => name.trim()),
  ),
  errors: errorClasses([...files.values()]),
};
const problems = [...brokenRules(), ...staleExceptions()];
for (const problem of problems) console.error(problem);
process.exit(problems.length === 0 ? 0 : 1);

function* brokenRules() {
  for (const [name, rule] of Object.entries(RULES)) {
    for (const [path, text] of files) {
      if (EXCEPTIONS[name]?.[path] !== undefined) continue;
      for (const offset of found(rule, path, text)) {
        const line = text.slice(0, offset).split('\n').length;
        yield `packages/${path}:${line}: ${name}: ${rule.says}`;
      }
    }
  }
}

function* staleExceptions() {
  for (const [name, exceptions] of Object.entries(EXCEPTIONS)) {
    for (const path of Object.keys(exceptions)) {
      const text = files.get(path);
      if (text !== undefined && found(RULES[name], path, text).length > 0) continue;
      const at = `scripts/check-rules.mjs: ${name}: packages/${path}`;
      if (text !== undefined) {
        yield `${at} keeps the rule. Take it out of EXCEPTIONS.`;
        continue;
      }
      const places = [...files.keys()].filter((one) => basename(one) === basename(path)).join(' or ');
      yield `${at} is not there. Take it out of EXCEPTIONS, or name its new place${places && `: ${places}`}.`;
    }
  }
}

function found({ in: isIn, find }, path, text) {
  if (!isIn(path)) return [];
  const code = withoutComments(text);
  return typeof find === 'function' ? find(code, { ...known, text }) : offsets(find, code);
}

function anyOf(...patterns) {
  return new RegExp(patterns.map(({ source }) => source).join('|'), 'gmu');
}

function offsets(pattern, code, isWanted = () => true) {
  const all = pattern.global ? [...code.matchAll(pattern)] : [pattern.exec(code)];
  return all.filter((match) => match !== null && isWanted(match.groups)).map(({ index }) => index);
}

/** Blanks comments out, so that every other character keeps its line. */
function withoutComments(text) {
  const blank = (comment) => comment.replace(/[^\n]/gu, ' ');
  return text
    .replace(/^[ \t]*\/\*[\s\S]*?\*\//gmu, blank)
    .replace(/(?<=[ \t(])\/\*[^\n]*?\*\//gu, blank)
    .replace(/(?<=^|[\s;{}(),])\/\/.*$/gmu, blank);
}

/** Finds VastaiError and every class that comes of it. */
function errorClasses(texts) {
  const parents = texts.flatMap((text) => [...text.matchAll(/class (?<name>\w+) extends (?<parent>\w+)/gu)]);
  const classes = new Set(['VastaiError']);
  for (let before = 0; before < classes.size; ) {
    before = classes.size;
    for (const { groups } of parents) if (classes.has(groups.parent)) classes.add(groups.name);
  }
  return classes;
}

/** Reads the code of all packages, by its path below packages/. */
function readSources(packages) {
  const sources = new Map();
  for (const name of readdirSync(packages)) {
    for (const folder of ['src', 'test', 'test-support', 'fuzz'].map((one) => join(packages, name, one))) {
      if (!existsSync(folder)) continue;
      for (const file of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        if (!file.isFile() || !/\.(?:ts|mjs|cjs|js)$/u.test(file.name)) continue;
        const path = join(file.parentPath, file.name);
        sources.set(relative(packages, path).split(sep).join('/'), readFileSync(path, 'utf8'));
      }
    }
  }
  return new Map([...sources].sort());
}
