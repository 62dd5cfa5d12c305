import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Writes the plugin of docs/writing-a-plugin.md: each of its code blocks that is named after a file. */
export async function writeExamplePlugin(repository: string, folder: string): Promise<void> {
  const page = await readFile(join(repository, 'docs', 'writing-a-plugin.md'), 'utf8');
  for (const [, name = '', content = ''] of page.matchAll(/^```\w+ (\S+)\n(.*?)^```$/gmsu)) {
    const file = join(folder, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}
