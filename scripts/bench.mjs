// Measures the CLI against the least that any program on the same Node takes, and exits with status 1 if a limit is missed.
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, type } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BrokerBench } from './bench/broker.mjs';
import { Harness, hasRequests } from './bench/harness.mjs';
import { missingPrograms } from './bench/keychain.mjs';
import { measure } from './bench/measure.mjs';
import { checkout, findNode, install } from './bench/programs.mjs';
import { lineOf, pageOf, quietness, verdict } from './bench/report.mjs';
import { writeTree } from './bench/scan.mjs';
import { createScratch } from './home.mjs';
import { root } from './pack.mjs';

/** @type {readonly import('./bench/report.mjs').Row[]} */
const ROWS = [
  { what: '--version', against: 'node -e 0', atMost: 1.25 },
  { what: '--help', against: 'node -e 0', atMost: 1.35 },
  { what: 'permissions validate permissions.json, 1 KiB', against: 'node -e 0', atMost: 1.5 },
  {
    what: 'scan tree, 500,000 lines in 5,000 files',
    tree: true,
    against: 'secretlint on a tenth',
    atMost: 0.45,
    on: 'checkout',
  },
  { what: 'exec -- true, key in a file', key: 'file', output: 'none', against: 'node -e 0', atMost: 1.7 },
  { what: 'exec -- true, with masked output', key: 'file', against: 'node -e 0', atMost: 1.7 },
  { what: 'exec --broker, longer than exec', broker: 'start', atMost: 15, on: 'checkout' },
  {
    what: 'exec --broker, a request on a kept connection, longer',
    broker: 'kept',
    atMost: 2,
    on: 'checkout',
  },
  {
    what: 'exec --broker, a request on a new connection, longer',
    broker: 'fresh',
    atMost: 2,
    on: 'checkout',
  },
  {
    what: 'exec --broker, requests in a second of 16 clients',
    broker: 'rate',
    atLeast: 1500,
    on: 'checkout',
  },
  {
    what: 'exec --broker, descriptors more after 30 s of new connections',
    broker: 'descriptors',
    atMost: 0,
    on: 'checkout',
  },
  { what: 'exec --broker, memory more after 30 s of new connections', broker: 'memory', on: 'checkout' },
  { what: 'search offers, handed over', official: true, against: 'the official CLI', atMost: 1.3 },
  { what: 'search offers, not installed', official: false, ends: 2, atMost: 100 },
  { what: 'show user --json', against: 'bare script', atMost: 1.35, on: 'checkout' },
  { what: 'show user --json, from a plugin', against: 'bare script', atMost: 1.4, on: 'installed' },
  { what: 'show user --json, key in the keychain', key: 'keychain', against: 'VAST_API_KEY', atMost: 1.2 },
  { what: 'show user --json, peak memory', of: 'memory', against: 'bare script', atMost: 1.1 },
  { what: 'api users/current --silent', against: 'bare script', atMost: 1.45, on: 'checkout' },
  { what: 'api large/, 100 MB', against: 'bare copy', atMost: 1.67, on: 'checkout' },
  {
    what: 'api large/, 100 MB, peak memory',
    of: 'memory',
    against: 'bare copy',
    atMost: 1.5,
    on: 'checkout',
  },
  { what: 'set api-key - --storage keychain, processes', key: 'keychain', of: 'processes', atMost: 2 },
];
const TITLES = { checkout: 'The CLI of a checkout', installed: 'The CLI as installed' };
const KEYCHAIN_PROGRAMS = ['dbus-daemon', 'gnome-keyring-daemon', 'strace'];

const USAGE = `npm run bench -- [--pairs N] [--node 20|24|both] [--only TEXT] [--page]

  --pairs N    runs of each command, 20 if not given; fewer are for trying things out
  --node N     the major version of Node: 20, 24, or both; fetched from npm unless it runs this
  --only TEXT  only rows with this text, such as "keychain", "checkout" or "installed, Node 24"
  --page       writes docs/performance.md too
`;

const options = optionsOrUsage();
const [load] = loadavg();
const cores = availableParallelism();
const missing = missingPrograms(KEYCHAIN_PROGRAMS);
const canHandOver = hasRequests();
const results = await measureAll(rowsToMeasure());
const missed = results.filter((result) => verdict(result) !== 'ok').length;
const conditions = [
  quietness(results, load, cores),
  `${options.pairs} pairs per row; ${cpus()[0]?.model.trim() || 'an unnamed processor'}, ${type()} ${process.arch}.`,
  ...(canHandOver ? [] : ['Handing over was not measured, for want of Python with requests.']),
  ...(missing.length > 0 ? [`The keychain was not measured, for want of ${missing.join(', ')}.`] : []),
  `${missed} of ${results.length} limits missed.`,
].join('\n');
console.log(`\n${conditions}`);
if (options.page) {
  const date = new Date().toISOString().slice(0, 10);
  writeFileSync(join(root, 'docs', 'performance.md'), pageOf(results, `Measured on ${date}. ${conditions}`));
}
process.exit(missed > 0 ? 1 : 0);

function optionsOrUsage() {
  const string = { type: 'string' };
  try {
    const options = { pairs: string, node: string, only: string, page: { type: 'boolean' } };
    const { pairs = '20', node = 'both', only = '', page = false } = parseArgs({ options }).values;
    if (!/^[1-9]\d{0,3}$/u.test(pairs)) throw new Error('--pairs takes a number.');
    if (!/^(?:both|\d\d)$/u.test(node)) throw new Error('--node takes 20, 24 or both.');
    if (page && (only !== '' || node !== 'both')) throw new Error('--page needs every row.');
    return { pairs: Number(pairs), majors: node === 'both' ? [20, 24] : [Number(node)], only, page };
  } catch (error) {
    endWithUsage(error.message);
  }
}

function endWithUsage(problem) {
  process.stderr.write(`${problem}\n\n${USAGE}`);
  process.exit(2);
}

function rowsToMeasure() {
  const nodes = options.majors.map(findNode);
  const rows = Object.entries(TITLES).flatMap(([on, name]) =>
    nodes.flatMap(({ program, version }) =>
      ROWS.filter((row) => (row.on ?? on) === on && (row.key !== 'keychain' || missing.length === 0))
        .filter(({ official }) => official !== true || canHandOver)
        .filter(({ broker }) => broker === undefined || process.platform === 'linux')
        .map((row) => ({ on, program, row, title: `${name}, Node ${version}` }))
        .filter(({ title, row }) => `${title}: ${row.what}`.includes(options.only)),
    ),
  );
  if (rows.length === 0) endWithUsage(`No row has the text "${options.only}".`);
  return rows;
}

async function figuresOf(row, program, cli, harness, brokers) {
  if (row.broker !== undefined) return { takes: await brokers.measure(row.broker, program, cli), asked: [] };
  const subject = harness.subject(program, cli, row);
  const yardstick = harness.yardstick(program, cli, row);
  return measure(row.of ?? 'time', subject, yardstick, options.pairs, harness);
}

async function measureAll(rows) {
  const scratch = createScratch();
  const harness = new Harness(scratch);
  await harness.open();
  const clis = { checkout: checkout(scratch) };
  if (rows.some(({ on }) => on === 'installed')) clis.installed = install(join(scratch, 'installed'));
  if (rows.some(({ row }) => row.key === 'keychain')) await harness.openKeychain(clis.checkout);
  if (rows.some(({ row }) => row.tree)) writeTree(scratch);
  const brokers = new BrokerBench(harness, options.pairs);
  const measured = [];
  for (const { on, program, row, title } of rows) {
    const figures = await figuresOf(row, program, clis[on], harness, brokers);
    if (measured.at(-1)?.title !== title) console.log(`\n${title}`);
    measured.push({ row, title, ...figures });
    console.log(lineOf(measured.at(-1)));
  }
  return measured;
}
