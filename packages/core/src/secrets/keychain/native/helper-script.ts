/**
 * The program of the process that calls the native addon, for `node -e`: a text, because the CLI and
 * each plugin are one file, beside which no second one exists.
 *
 * It is given the addon's path and a time limit (ms). It says one line when the addon is loaded, then
 * answers each line `[function, …arguments]` with `{"value"}` or `{"error"}`. It ends when its
 * standard input ends, so it does not outlive whoever started it, and always by SIGKILL: Node's own
 * exit waits for native calls, and a keychain that hangs would hang it.
 *
 * Reading by `fs.read` in place of `process.stdin` saves loading Node's streams.
 */
export const KEYCHAIN_PROGRAM = `
const fs = require('node:fs');
const end = () => process.kill(process.pid, 'SIGKILL');
process.on('uncaughtException', end);
const [addon, limit] = process.argv.slice(1);
setTimeout(end, Number(limit));

const say = (answer) => fs.writeFileSync(1, JSON.stringify(answer) + '\\n');
async function attempt(work) {
  let answer;
  try {
    answer = { value: (await work()) ?? null };
  } catch (error) {
    answer = { error: String(error?.message) };
  }
  say(answer);
}

let keytar;
attempt(() => {
  keytar = require(addon);
});

let waiting = Buffer.alloc(0);
const part = Buffer.alloc(65536);
(function listen() {
  fs.read(0, part, 0, part.length, null, (error, count) => {
    if (error || count === 0) return end();
    waiting = Buffer.concat([waiting, part.subarray(0, count)]);
    for (let at = waiting.indexOf(10); at >= 0; at = waiting.indexOf(10)) {
      const [name, ...args] = JSON.parse(waiting.subarray(0, at).toString());
      waiting = waiting.subarray(at + 1);
      attempt(() => keytar[name](...args));
    }
    listen();
  });
})();
`;
