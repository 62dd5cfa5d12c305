// Reads the examples of a package: programs that start with a comment about what they do.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Returns the examples in a folder: `{ file, title, summary, code, names }`, with the names that each imports from `module`. */
export function readExamples(folder, module) {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .sort()
    .map((file) => {
      const text = readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n');
      const [, summary, code] = /^\/\/ ([^\n]*)\n([\s\S]*)$/u.exec(text) ?? [];
      if (summary === undefined) throw new Error(`${file} must start with a comment that says what it does.`);
      const [, list = ''] = new RegExp(`import \\{([^}]*)\\} from '${module}'`, 'u').exec(code) ?? [];
      const names = list.split(',').map((name) => name.trim().replace(/^type /u, ''));
      const words = file.slice(0, -'.ts'.length).replaceAll('-', ' ');
      const title = `${words[0].toUpperCase()}${words.slice(1)}`;
      return { file, title, summary, code, names: new Set(names) };
    });
}
