import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Config } from '@oclif/core/config';
import { replaceWhole } from '@vastai-cli/core/internal/files/atomic-write';
import { explainFileError } from '@vastai-cli/core/internal/files/file-error';
import { completionScript, type Shell } from './completion-script.js';

/** The scripts of oclif's own completion, below the cache folder. Start-up files of older set-ups source them. */
const PLACES: readonly (readonly [string, Shell])[] = [
  ['bash_setup', 'bash'],
  ['functions/bash/vastai.bash', 'bash'],
  ['zsh_setup', 'zsh'],
  ['functions/zsh/_vastai', 'zsh'],
  ['functions/powershell/vastai.ps1', 'powershell'],
];

/**
 * Writes the completion scripts to the cache folder.
 *
 * @returns their paths
 * @throws StorageError if one cannot be written.
 */
export async function keepScripts(config: Config): Promise<string[]> {
  const folder = join(config.cacheDir, 'autocomplete');
  // Start-up files of earlier versions source the scripts there.
  const former = join(dirname(config.cacheDir), 'vastai', 'autocomplete');
  const written: string[] = [];
  for (const above of existsSync(former) ? [folder, former] : [folder])
    for (const [name, shell] of PLACES) written.push(await write(join(above, name), shell, config));
  return written;
}

async function write(path: string, shell: Shell, config: Config): Promise<string> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await replaceWhole(path, completionScript(shell, config));
    return path;
  } catch (error) {
    throw explainFileError('write', path, error);
  }
}
