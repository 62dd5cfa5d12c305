import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Lists the files of a package that are commands, relative to `src/commands`. A file without a class of its own to export
 * serves the command beside it.
 */
export function commandFiles(root) {
  const folder = join(root, 'src', 'commands');
  return readdirSync(folder, { recursive: true })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && isCommand(join(folder, file)))
    .sort();
}

function isCommand(file) {
  return /^export default class /mu.test(readFileSync(file, 'utf8'));
}
