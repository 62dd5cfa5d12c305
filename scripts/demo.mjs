// Vast.ai's "CLI authentication" page from top to bottom: the real `vastai` in a home of its own, against a
// sandbox of the API on this machine. Ends with status 1 at the first thing that is not as the page has it.
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startSandbox } from '../packages/sandbox/dist/server.js';
import { createHome, environmentOf } from './demo/home.mjs';
import { Shell, StepError } from './demo/shell.mjs';
import { bold } from './demo/style.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const PERMISSIONS = '{\n  "api": {\n    "user_read": {}\n  }\n}\n';

const home = createHome();
const keyFile = join(home, '.config', 'vastai', 'vast_api_key');
const legacyFile = join(home, '.vast_api_key');
const sandbox = await startSandbox();
const shell = new Shell(join(root, 'packages', 'cli', 'bin', 'dev.js'), home, {
  ...environmentOf(home),
  VAST_URL: sandbox.url,
});
shell.name('YOUR_API_KEY', sandbox.key);

try {
  console.log(`The API is a sandbox at ${sandbox.url}, the home is ${home}.`);
  await setKey();
  await environmentVariable();
  await legacyKey();
  await verify();
  await createKeys();
  await viewAndDelete();
  await status();
  requestLog();
  console.log(`\n${bold(`All ${shell.count} commands did what the page says.`)}`);
} catch (error) {
  if (!(error instanceof StepError)) throw error;
  console.error(`\nThe demo failed: ${error.message}`);
  process.exitCode = 1;
} finally {
  await sandbox.close();
}

async function setKey() {
  heading('Set your API key');
  await shell.run('vastai set api-key YOUR_API_KEY', { shows: ['Saved the key', keyFile] });
  require(readFileSync(keyFile, 'utf8').trim() === sandbox.key, 'The key is not in its file.');
  if (process.platform === 'win32') return;
  const modes = [keyFile, dirname(keyFile)].map((path) => (statSync(path).mode & 0o777).toString(8));
  require(modes.join() === '600,700', `The modes of the key file and its folder are ${modes.join(' and ')}.`);
  console.log(`The key file has mode ${modes[0]}, its folder ${modes[1]}: nobody else can read them.`);
}

async function environmentVariable() {
  heading('Environment variable: it goes before the file, so a wrong one is an error');
  shell.export('VAST_API_KEY', 'your_api_key_here');
  await shell.run('vastai show user', { status: 2, shows: ['VAST_API_KEY', 'placeholder'] });
  shell.export('VAST_API_KEY', '0123456789abcdef');
  await shell.run('vastai show user', { status: 4, shows: ['VAST_API_KEY', 'Invalid user key', keyFile] });
  shell.unset('VAST_API_KEY');
}

async function legacyKey() {
  heading('The legacy location: a key in ~/.vast_api_key moves by itself');
  rmSync(dirname(keyFile), { recursive: true });
  writeFileSync(legacyFile, `${sandbox.key}\n`, { mode: 0o600 });
  console.log('The home is as an older version leaves it: the key is in that file and nowhere else.');
  await shell.run('vastai show api-keys', { shows: [legacyFile, keyFile, 'full access'] });
  require(!existsSync(legacyFile) && existsSync(keyFile), 'The legacy file was not moved.');
}

async function verify() {
  heading('Verify your key');
  await shell.run('vastai show user', {
    shows: ['"id": 123456', '"email": "you@example.com"', '"credit": 25'],
  });
}

async function createKeys() {
  heading('Create an API key');
  const plain = await shell.run('vastai create api-key --name "ci-deploy-key"', { shows: ['full access'] });
  require(keyIn(plain) !== undefined, 'No key was printed.');

  heading('Create a key that may only do what a file says');
  writeFileSync(join(home, 'perms.json'), PERMISSIONS);
  console.log(`perms.json:\n${PERMISSIONS.trimEnd()}`);
  const scoped = await shell.run('vastai create api-key --name "ci-deploy-key" --permission_file perms.json');
  shell.name('THE_NEW_KEY', keyIn(scoped));
  await shell.run('VAST_API_KEY=THE_NEW_KEY vastai show user', { shows: ['"key_id": 43'] });
  await shell.run('VAST_API_KEY=THE_NEW_KEY vastai create api-key --name another', {
    status: 5,
    shows: ['may not', 'user_write'],
  });
}

async function viewAndDelete() {
  heading('View and delete keys');
  await shell.run('vastai show api-keys', { shows: ['42', '43', 'user_read'] });
  await shell.run('vastai show api-key 42', { shows: ['"id": 42', '"name": "ci-deploy-key"'] });
  // On a terminal it asks; here nobody answers.
  await shell.run('vastai delete api-key 42 --yes', { shows: ['42'] });
  await shell.run('vastai show api-key 42', { status: 6 });
}

async function status() {
  heading('Which key is in use');
  await shell.run('vastai auth status', { shows: [keyFile, 'you@example.com'] });
}

function requestLog() {
  heading("The sandbox's own log of the requests");
  console.log('');
  for (const request of sandbox.requests) console.log(sandbox.print(request));
  const seen = sandbox.requests.map(
    ({ method, path, authorization, status: answered }) =>
      `${method} ${path.replace('/api/v0/', '')} ${authorization?.keyId} ${answered}`,
  );
  const expected = [
    'GET users/current/ 40 200',
    'GET users/current/ null 404',
    'GET auth/apikeys/ 40 200',
    'GET users/current/ 40 200',
    'POST auth/apikeys/ 40 200',
    'POST auth/apikeys/ 40 200',
    'GET users/current/ 43 200',
    'POST auth/apikeys/ 43 401',
    'GET auth/apikeys/ 40 200',
    'GET auth/apikeys/42/ 40 200',
    'DELETE auth/apikeys/42/ 40 200',
    'GET auth/apikeys/42/ 40 404',
    // Vast.ai may have taken that route away, so the list has the last word.
    'GET auth/apikeys/ 40 200',
    'GET users/current/ 40 200',
  ];
  require(seen.join('\n') === expected.join('\n'), 'These are not the requests that the page needs.');
}

function keyIn(output) {
  return /^[0-9a-f]{64}$/mu.exec(output)?.[0];
}

function heading(text) {
  console.log(`\n\n${bold(text)}\n${'─'.repeat(text.length)}`);
}

function require(condition, otherwise) {
  if (!condition) throw new StepError(otherwise);
}
