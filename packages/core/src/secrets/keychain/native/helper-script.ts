/**
 * The program of the helper process, which calls the native addon, for `node -e`. It is a string because the CLI and each
 * plugin are bundled into one file.
 *
 * Its arguments are the path of the addon and a time limit in milliseconds. It prints one line when the addon is loaded, then
 * responds to each line `[function, …arguments]` with `{"value"}` or `{"error"}`. It ends when its standard input ends, so
 * that it does not outlive its parent. It ends by SIGKILL, because Node's own exit waits for native calls, and so would hang
 * with the keychain.
 *
 * It reads with `fs.read` instead of `process.stdin`, which would load Node's streams.
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
