// Measures requests to VAST_URL, as a program that exec starts, and prints a JSON object:
// `node broker-client.mjs latency COUNT` or `node broker-client.mjs load SECONDS`.
import { readdirSync, readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { quartiles } from './statistics.mjs';

const CLIENTS = 16;
const WARM_UP_MS = 2000;
const [kind, amount] = process.argv.slice(2);
const options = {
  path: '/api/v0/users/current/',
  headers: { Authorization: `Bearer ${process.env.VAST_API_KEY}` },
};

console.log(JSON.stringify(await { latency, load }[kind](Number(amount))));

/** Returns the median of the milliseconds of a request: on a connection that is kept, and on a new one. */
async function latency(count) {
  const agent = new Agent({ keepAlive: true });
  const times = { kept: [], fresh: [] };
  for (let index = -20; index < count; index += 1) {
    for (const which of ['kept', 'fresh']) {
      const begun = performance.now();
      await ask(which === 'kept' ? agent : false);
      if (index >= 0) times[which].push(performance.now() - begun);
    }
  }
  agent.destroy();
  return { kept: quartiles(times.kept).median, fresh: quartiles(times.fresh).median };
}

/** Returns the requests in a second, on kept connections, and what more the parent takes up after some of them. */
async function load(seconds) {
  await work(WARM_UP_MS, true);
  const rate = (await work(seconds * 500, true)) / (seconds / 2);
  const before = takenUp();
  await work(seconds * 500, false);
  const after = takenUp();
  return { rate, descriptors: after.descriptors - before.descriptors, memory: after.memory - before.memory };
}

/** Lets all clients send requests for some time, and returns how many. */
async function work(milliseconds, isKept) {
  const end = performance.now() + milliseconds;
  let count = 0;
  const client = async () => {
    const agent = isKept && new Agent({ keepAlive: true });
    for (; performance.now() < end; count += 1) await ask(agent);
    if (agent) agent.destroy();
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  // Connections end on both sides a moment later.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  return count;
}

function ask(agent) {
  return new Promise((resolve, reject) => {
    const sent = request(process.env.VAST_URL, { ...options, agent }, (response) => {
      if (response.statusCode !== 200)
        reject(new Error(`The response has the status ${response.statusCode}.`));
      response.resume().once('end', resolve);
    });
    sent.once('error', reject).end();
  });
}

/** Returns the descriptors of the parent, and its memory in MiB. */
function takenUp() {
  const of = `/proc/${process.ppid}`;
  const [, kilobytes] = /VmRSS:\s*(\d+)/u.exec(readFileSync(`${of}/status`, 'utf8'));
  return { descriptors: readdirSync(`${of}/fd`).length, memory: Number(kilobytes) / 1024 };
}
