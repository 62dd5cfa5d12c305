// Writes each mutant that this process comes by to a file, at once: a process may be killed.
const { appendFileSync } = require('node:fs');

const file = process.env.VASTAI_MUTATE_COVERAGE;
const covered = new Proxy(
  {},
  {
    set(counts, id, count) {
      if (!(id in counts)) appendFileSync(file, `${id}\n`);
      counts[id] = count;
      return true;
    },
  },
);
globalThis.__stryker__ = { mutantCoverage: { static: covered, perTest: {} } };
