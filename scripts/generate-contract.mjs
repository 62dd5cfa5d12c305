// Writes the contract for scripts to packages/cli/contract or another folder. `--check` compares it instead. Run it after a
// build.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readManifests } from './contract/commands.mjs';
import { contractFiles, differences, writeContract } from './contract/files.mjs';
import { schemasOf } from './contract/schemas.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const [folder = join(root, 'packages', 'cli', 'contract')] = process.argv
  .slice(2)
  .filter((word) => !word.startsWith('--'));
const wanted = contractFiles(readManifests(root), schemasOf(root));

if (!process.argv.includes('--check')) writeContract(wanted, folder);
else {
  for (const path of differences(wanted, folder)) {
    console.error(
      `contract/${path} is not what the code says, and scripts rely on it (docs/json.md). If that is meant, run: node scripts/generate-contract.mjs`,
    );
    process.exitCode = 1;
  }
}
