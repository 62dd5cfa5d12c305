import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { root } from './pack.mjs';

function emptyFolder() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'vastai-pack-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs the script in a folder; returns its status, its errors, and the tarballs that it names. */
function pack(cwd, ...args) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'scripts', 'pack.mjs'), ...args],
    {
      cwd,
      encoding: 'utf8',
    },
  );
  return { status, stderr, tarballs: stdout.trim().split('\n').sort() };
}

const packages = readdirSync(join(root, 'packages')).map((name) => join(root, 'packages', name));
const filesOfPackages = () =>
  packages.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));

describe('node scripts/pack.mjs', () => {
  it.for([
    { words: ['some/where'], place: 'some/where' },
    { words: ['../beside'], place: '../beside' },
    { words: [], place: 'packed' },
  ])('packs into $place, relative to where it is started, with $words', ({ words, place }) => {
    const cwd = join(emptyFolder(), 'here');
    mkdirSync(cwd);
    const before = filesOfPackages();
    const { status, stderr, tarballs } = pack(cwd, ...words);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const folder = join(cwd, place);
    const packed = readdirSync(folder).map((name) => join(folder, name));
    expect(tarballs).toEqual(packed.sort());
    expect(packed).toHaveLength(packages.length);
    expect(filesOfPackages()).toEqual(before);
  });

  it('removes nothing but tarballs', () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'letter.txt'), 'Dear …');
    writeFileSync(join(cwd, 'old.tgz'), '');
    const { status, stderr } = pack(cwd, '.');
    expect(status).toBe(1);
    expect(stderr).toContain('is not empty: it holds letter.txt.');
    expect(readdirSync(cwd).sort()).toEqual(['letter.txt', 'old.tgz']);
  });

  it('works if the checkout is reached through a symbolic link', () => {
    const cwd = emptyFolder();
    symlinkSync(root, join(cwd, 'checkout'), 'junction');
    const script = join('checkout', 'scripts', 'pack.mjs');
    const { status } = spawnSync(process.execPath, [script, 'packed'], { cwd });
    expect(status).toBe(0);
    expect(readdirSync(join(cwd, 'packed'))).toHaveLength(packages.length);
  });
});
