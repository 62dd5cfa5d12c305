// Loaded before the program, in runs that are not timed: as the process ends, it writes to file descriptor 3 how much
// memory it ever had at once, in bytes.
const { readFileSync, writeSync } = require('node:fs');

process.on('exit', () => writeSync(3, String(peak())));

/**
 * On Linux `maxRSS` is at least what the parent had when it started this process, which says nothing; what the kernel
 * counts for the program itself starts with it.
 */
function peak() {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024;
  return Number(/^VmHWM:\s+(\d+) kB$/mu.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024;
}
