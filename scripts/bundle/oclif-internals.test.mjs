import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { Module } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { INTERNALS } from './oclif-internals.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const modules = join(root, 'packages', 'cli', 'node_modules');

const nameOf = ({ package: name, file, member, text, every }) =>
  `${name}/${file}: ${member ?? String(text ?? every).slice(0, 60)}`;
const fileOf = ({ package: name, file }) => join(realpathSync(join(modules, name)), file);
const textOf = (row) => (existsSync(fileOf(row)) ? readFileSync(fileOf(row), 'utf8') : '');

/** @returns the sentence about a row that `text`, the source of its file, does not keep; `undefined` where it does */
function complaint(row, text) {
  if (keeps(row, text)) return undefined;
  return `${row.package}/${row.file} is not as expected: ${row.member ?? row.text ?? row.every}. ${row.by} ${row.so}`;
}

function keeps({ member, text: wanted, every, known, ...row }, text) {
  if (every !== undefined) {
    const names = [...text.matchAll(every)].map(([, name]) => name);
    return names.length > 0 && names.every((name) => known.includes(name));
  }
  if (wanted !== undefined) return text.search(wanted) !== -1;
  return member.split('.').reduce((value, name) => value?.[name], load(fileOf(row), text)) !== undefined;
}

/** Loads a module from a text of ours in the place of its file. */
function load(file, text) {
  const module = new Module(file);
  module.filename = file;
  module.paths = Module._nodeModulePaths(dirname(file));
  module._compile(text, file);
  return module.exports;
}

/** The source of a row's file as it could be after an upgrade. */
function upgraded({ member, text: wanted, every }, text) {
  if (every !== undefined) return `${text}\n// this.config.newcomer\n`;
  if (wanted !== undefined) return text.replace(new RegExp(wanted, 'gmu'), '');
  return `${text}\ndelete exports.${member};\n`;
}

describe('the internals of oclif that we rely on', () => {
  it.each(INTERNALS.map((row) => [nameOf(row), row]))('%s', (_, row) => {
    expect(complaint(row, textOf(row))).toBeUndefined();
    // Our file is there, so that the sentence leads somewhere.
    for (const file of row.by.split(', ')) expect(existsSync(join(root, file)), file).toBe(true);
  });

  it.each(INTERNALS.map((row) => [nameOf(row), row]))(
    'are missed when an upgrade takes them away: %s',
    (_, row) => {
      const sentence = complaint(row, upgraded(row, textOf(row)));
      expect(sentence).toContain(`${row.by} ${row.so}`);
      expect(sentence).toContain(`${row.package}/${row.file} is not as expected`);
    },
  );
});
