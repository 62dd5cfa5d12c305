// How long the CLI takes, and how much memory, next to the least that a program on the same Node can do. Writes
// docs/performance.md and docs/performance.svg. Ends with status 1 when a row misses its limit.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shownCommand } from './bench/command-words.mjs';
import { BenchError } from './bench/failure.mjs';
import { install } from './bench/install.mjs';
import { machine } from './bench/machine.mjs';
import { measure } from './bench/measure.mjs';
import { readOptions, USAGE } from './bench/options.mjs';
import { fetchNode24, nodeAt } from './bench/other-node.mjs';
import { pageOf } from './bench/page.mjs';
import { warmUp } from './bench/pairs.mjs';
import { plotOf } from './bench/plot.mjs';
import { countVerdicts, wrongCounts } from './bench/report.mjs';
import { ROWS } from './bench/rows.mjs';
import { createScratch } from './bench/scratch.mjs';
import { Stage } from './bench/stage.mjs';
import { textOf } from './bench/text.mjs';
import { written } from './bench/verdict.mjs';
import { root } from './pack.mjs';

const options = optionsOrUsage();
const scratch = createScratch();
const stage = new Stage(scratch);
/** @type {string[]} */
const missing = [];
try {
  const own = nodeAt(process.execPath);
  const report = await measureAll(own, await findNodes(own), await findSubjects());
  process.stdout.write(`\n${textOf(report)}`);
  const folder = options.out ?? join(root, 'docs');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'performance.md'), pageOf(report));
  writeFileSync(join(folder, 'performance.svg'), plotOf(report));
  console.log(`Written: performance.md and performance.svg in ${folder}`);
  if (countVerdicts(report).missed > 0 || wrongCounts(report).length > 0) process.exitCode = 1;
} catch (error) {
  if (!(error instanceof BenchError)) throw error;
  console.error(`The bench failed: ${error.message}`);
  process.exitCode = 1;
} finally {
  stage.close();
}

function optionsOrUsage() {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${USAGE}`);
    process.exit(2);
  }
}

/** The Node that runs this, and others, each version once. */
async function findNodes(own) {
  const found = [own, ...(options.nodes ?? []).map(nodeAt)];
  if (options.nodes === undefined && !own.version.startsWith('24.')) {
    console.error('Fetching Node 24 …');
    const fetched = await withoutFailing(
      fetchNode24,
      'The rows of Node 24 are missing: it could not be fetched from npm.',
    );
    found.push(...fetched);
  }
  return found.filter(({ version }, index) => found.findIndex((one) => one.version === version) === index);
}

/** @returns {Promise<import('./bench/stage.mjs').Subject[]>} */
async function findSubjects() {
  const checkout = {
    name: 'checkout',
    bin: join(root, 'packages', 'cli', 'bin', 'dev.js'),
    data: join(scratch, 'no-plugins'),
  };
  if (options.only === 'checkout') return [checkout];
  console.error('Packing and installing …');
  const installed = await withoutFailing(
    () => ({ name: 'installed', ...install(join(scratch, 'installed')) }),
    'The rows of the installed CLI are missing: it could not be installed.',
  );
  return options.only === 'installed' ? installed : [checkout, ...installed];
}

/** What cannot be had is missing from the report, which is not to fail by it. */
async function withoutFailing(find, otherwise) {
  try {
    return [await find()];
  } catch (error) {
    console.error(error.message);
    missing.push(otherwise);
    return [];
  }
}

/** @returns {Promise<import('./bench/report.mjs').Report>} */
async function measureAll(own, nodes, subjects) {
  const [first] = subjects;
  if (first === undefined) throw new BenchError('There is nothing to measure.');
  await stage.open(first);
  const [keychain] = await withoutFailing(
    () => stage.openKeychain(first).then(() => true),
    'The rows of the keychain are missing: they need dbus-daemon, dbus-send and gnome-keyring-daemon.',
  );
  const peers = [];
  for (const words of options.peers) peers.push(await measurePeer(words, first, own));
  const groups = [];
  for (const subject of subjects) {
    for (const node of nodes) {
      const results = [];
      for (const row of ROWS) {
        if ((row.on ?? subject.name) !== subject.name) continue;
        if (row.home === 'keychain' && !keychain) continue;
        const commands = {
          subject: stage.ours(subject, node, row),
          yardstick: stage.yardstick(subject, node, row.by),
        };
        results.push(await measured(`${subject.name}, Node ${node.version}: `, row, commands));
      }
      groups.push({ subject: subject.name, node: node.version, results });
    }
  }
  const date = new Date().toISOString().slice(0, 10);
  return { date, machine: machine(), runs: options.runs, groups, peers, missing };
}

/** What asks the API is set against what asks it too. */
async function measurePeer(words, beside, own) {
  const subject = stage.peer(words);
  const { requests } = await warmUp(subject, stage.api);
  const by = requests > 0 ? 'script' : 'node';
  const row = { name: `\`${shownCommand(words)}\``, by, of: 'time' };
  return measured('', row, { subject, yardstick: stage.yardstick(beside, own, by) });
}

async function measured(where, row, commands) {
  const result = await measure(row, commands, options.runs, stage.api);
  console.error(`${where}${row.name.replaceAll('`', '')} ${written(result.ratio.median)}`);
  return result;
}
