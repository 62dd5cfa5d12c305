// Vast.ai's "CLI authentication" page from top to bottom, then what this CLI adds to it: the real `vastai` in a home of
// its own, against a sandbox of the API on this machine. Ends with 1 at the first step that does something else.
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startSandbox } from '../packages/sandbox/dist/server.js';
import { Shell, StepError } from './demo/shell.mjs';
import { bold, dim, wrap } from './demo/style.mjs';
import { createScratch, environmentIn } from './home.mjs';

const args = process.argv.slice(2);
if (args.some((arg) => arg !== '--requests')) {
  console.error('npm run demo -- [--requests]\n\n  --requests  shows the HTTP requests of each command');
  process.exit(2);
}
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const home = createScratch();
const keyFile = join(home, '.config', 'vastai', 'vast_api_key');
const legacyFile = join(home, '.vast_api_key');
const sandbox = await startSandbox();
const shell = new Shell({
  vastai: join(root, 'packages', 'cli', 'bin', 'dev.js'),
  folder: home,
  // The keychain is the user's, so it is not asked.
  env: { ...environmentIn(home), VASTAI_STORAGE: 'file', VAST_URL: sandbox.url },
  sandbox,
  showsRequests: args.length > 0,
});
shell.name('YOUR_API_KEY', sandbox.key);
shell.name('WORK_API_KEY', sandbox.addKey({ name: 'work', userId: 654321 }).value);

try {
  say(`The API is a sandbox at ${sandbox.url}, the home is ${home}; both go away at the end.`);
  await setKey();
  await environmentVariable();
  await legacyKey();
  await verify();
  await createKeys();
  await viewAndDelete();
  await status();
  await profile();
  await permissionFile();
  nowTry();
} catch (error) {
  if (!(error instanceof StepError)) throw error;
  console.error(`\n${wrap(`The demo failed: ${error.message}`)}`);
  process.exitCode = 1;
} finally {
  await sandbox.close();
}

async function setKey() {
  heading('Set your API key');
  await shell.run('vastai set api-key YOUR_API_KEY', { shows: [keyFile] });
  check(readFileSync(keyFile, 'utf8').trim() === sandbox.key, 'The key is not in its file.');
  if (process.platform === 'win32') return;
  const modes = [keyFile, dirname(keyFile)].map((path) => (statSync(path).mode & 0o777).toString(8));
  check(modes.join() === '600,700', `The modes of the key file and its folder are ${modes.join(' and ')}.`);
  say(`The key file has mode ${modes[0]}, its folder ${modes[1]}: nobody else can read them.`);
}

async function environmentVariable() {
  heading('Environment variable: it wins over the file, so a wrong one is an error');
  shell.export('VAST_API_KEY', 'your_api_key_here');
  await shell.run('vastai show user', { status: 2, shows: ['VAST_API_KEY', 'placeholder'], requests: 0 });
  shell.export('VAST_API_KEY', '0123456789abcdef');
  await shell.run('vastai show user', { status: 4, shows: ['VAST_API_KEY', 'Invalid user key', keyFile] });
  shell.unset('VAST_API_KEY');
}

async function legacyKey() {
  heading('The old location: a key in ~/.vast_api_key moves by itself');
  rmSync(dirname(keyFile), { recursive: true });
  writeFileSync(legacyFile, `${sandbox.key}\n`, { mode: 0o600 });
  say('The home is now as an older version leaves it: the key is in that file only.');
  await shell.run('vastai show api-keys', { shows: [legacyFile, keyFile, 'full access'] });
  check(!existsSync(legacyFile) && existsSync(keyFile), 'The key was not moved.');
}

async function verify() {
  heading('Verify your key');
  const shows = ['"id": 123456', '"email": "you@example.com"', '"credit": 25'];
  await shell.run('vastai show user', { shows });
}

async function createKeys() {
  heading('Create an API key');
  const created = await shell.run('vastai create api-key --name "ci-deploy-key"', { shows: ['full access'] });
  check(keyIn(created) !== undefined, 'No key was printed.');

  heading('Create a key that may only do what a file says');
  const document = '{\n  "api": {\n    "user_read": {}\n  }\n}\n';
  writeFileSync(join(home, 'perms.json'), document);
  say(`perms.json:\n${document.trimEnd()}`);
  const typed = 'vastai create api-key --name "ci-deploy-key" --permission_file perms.json';
  shell.name('THE_NEW_KEY', keyIn(await shell.run(typed)));
  await shell.run('VAST_API_KEY=THE_NEW_KEY vastai show user', { shows: ['"key_id": 44'] });
}

async function viewAndDelete() {
  heading('View and delete keys');
  await shell.run('vastai show api-keys', { shows: ['43', '44', 'user_read'] });
  await shell.run('vastai show api-key 43', { shows: ['"id": 43', '"name": "ci-deploy-key"'] });
  // On a terminal it asks; here nobody answers.
  await shell.run('vastai delete api-key 43 --yes', { shows: ['43'] });
  // Vast.ai may have taken this route away, so the list has the last word.
  await shell.run('vastai show api-key 43', { status: 6, requests: 2 });
}

async function status() {
  heading('Beyond the page: which key is in use');
  await shell.run('vastai auth status', { shows: [keyFile, 'you@example.com'] });
}

async function profile() {
  heading('Beyond the page: a profile for another account');
  await shell.run('vastai set api-key WORK_API_KEY --profile work', { shows: ['work'] });
  await shell.run('vastai profile list', { shows: ['default', 'someone.else@example.com'], requests: 0 });
}

async function permissionFile() {
  heading('Beyond the page: a permission file, explained before a key is made from it');
  await shell.run('vastai permissions init bills.json --preset billing-viewer', { requests: 0 });
  const shows = ['invoice.list: lists invoices'];
  await shell.run('vastai permissions explain bills.json', { shows, requests: 0, lines: 28 });
  const typed = 'vastai create api-key --name bills --permission_file bills.json --profile work';
  shell.name('BILLS_KEY', keyIn(await shell.run(typed)));
  await shell.run('VAST_API_KEY=BILLS_KEY vastai show user', { status: 5, shows: ['user_read'] });
}

function nowTry() {
  console.log(`

${bold(`All ${shell.count} commands did what they should. Now try, in this checkout:`)}

  npm run --silent vastai -- set api-key    ${dim('asks for your key and saves it')}
  npm run --silent vastai -- auth status    ${dim('shows which key is used')}
  npm run --silent vastai -- permissions explain preset:ci-deploy`);
}

function keyIn(output) {
  return /^[0-9a-f]{64}$/mu.exec(output)?.[0];
}

function heading(text) {
  console.log(`\n\n${bold(text)}\n${'─'.repeat(text.length)}`);
}

function say(text) {
  console.log(wrap(text));
}

function check(condition, otherwise) {
  if (!condition) throw new StepError(otherwise);
}
