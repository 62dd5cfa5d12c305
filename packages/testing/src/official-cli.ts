import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The version that the stand-in has. */
export const OFFICIAL_VERSION = '0.5.0';

/** Holds what the stand-in was called with. */
export interface OfficialCall {
  readonly argv: readonly string[];
  /** The place of the key that it found, in the order in which it looks. */
  readonly source: 'flag' | 'variable' | 'file' | 'legacy file' | null;
  /** The last four characters of that key. */
  readonly key: string | null;
  readonly url: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Holds an installed stand-in for Vast.ai's own CLI. */
export interface OfficialCli {
  /** The folder to put on PATH. */
  readonly bin: string;
  /** The program itself. */
  readonly path: string;
  /** Returns its calls so far. */
  calls(): Promise<OfficialCall[]>;
}

/**
 * Installs a stand-in for Vast.ai's own CLI below a folder, as pip lays it out: `bin/vastai`, and its package in
 * `lib/python3/site-packages`. It imitates that CLI where it matters to a program that starts it:
 *
 * - it is a Python script named `vastai` whose first lines import a package of that name;
 * - it takes the key from `--api-key`, `VAST_API_KEY`, `$XDG_CONFIG_HOME/vastai/vast_api_key` (`~/.config` if that is not
 *   set), or `~/.vast_api_key`, in this order, and the API from `--url`, `VAST_URL`, or the default;
 * - its parser takes a part of a flag's name for the whole, such as `--u`, and its flags in front of the command too;
 * - `get endpt-logs` and the like go to https://run.vast.ai unless `--url` says otherwise;
 * - `set api-key KEY` writes the key file; `uninstall` removes `$XDG_DATA_HOME/vastai`, the folder of its installer;
 * - `show user` asks the route without a slash at the end, and follows the redirect; `show instances` asks v1.
 *
 * Everything else prints the call as JSON, with the last four characters of the key in its place. It ends with the status
 * in `OFFICIAL_EXIT`, and first runs the shell command in `OFFICIAL_RUN`. It imports `requests` if `OFFICIAL_REQUESTS` is
 * set, as the real one always does. Each call is noted in `calls.jsonl`.
 */
export function installOfficialCli(prefix: string): OfficialCli {
  const bin = join(prefix, 'bin');
  const path = join(bin, 'vastai');
  const packages = join(prefix, 'lib', 'python3', 'site-packages');
  const calls = join(prefix, 'calls.jsonl');
  put(join(packages, 'vastai'), '__init__.py', program(calls));
  put(join(packages, `vastai-${OFFICIAL_VERSION}.dist-info`), 'METADATA', `Version: ${OFFICIAL_VERSION}\n`);
  put(bin, 'vastai', entry(packages));
  chmodSync(path, 0o755);
  return {
    bin,
    path,
    async calls() {
      const text = await readFile(calls, 'utf8').catch(() => '');
      return text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line));
    },
  };
}

/** Returns the path of Python itself; `undefined` if it is not installed. */
export function pythonPath(): string | undefined {
  const { stdout } = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' });
  return stdout?.trim() || undefined;
}

function put(folder: string, name: string, content: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  writeFileSync(join(folder, name), content, { mode: 0o644 });
}

function entry(packages: string): string {
  return `#!${pythonPath() ?? '/usr/bin/python3'}
# -*- coding: utf-8 -*-
import sys
sys.dont_write_bytecode = True
sys.path.insert(0, ${JSON.stringify(packages)})
from vastai import main
if __name__ == '__main__':
    sys.exit(main())
`;
}

function program(calls: string): string {
  return `import json, os, shutil, subprocess, sys, urllib.request

def read(path):
    try:
        with open(path) as file:
            return file.read().strip() or None
    except OSError:
        return None

def flag(argv, name):
    for at, word in enumerate(argv):
        head, equals, value = word.partition('=')
        if len(head) > 2 and name.startswith(head):
            return value if equals else (argv[at + 1] if at + 1 < len(argv) else None)

ENDPOINT_COMMANDS = [('get', 'endpt-logs'), ('get', 'wrkgrp-logs'), ('get', 'endpt-workers'), ('update', 'workers')]

def main():
    argv = sys.argv[1:]
    env = os.environ
    if env.get('OFFICIAL_REQUESTS'):
        import requests
    home = env.get('HOME', '/')
    config = env.get('XDG_CONFIG_HOME') or os.path.join(home, '.config')
    key_file = os.path.join(config, 'vastai', 'vast_api_key')
    keys = [
        ('flag', flag(argv, '--api-key')),
        ('variable', env.get('VAST_API_KEY') or None),
        ('file', read(key_file)),
        ('legacy file', read(os.path.join(home, '.vast_api_key'))),
    ]
    source, key = next(((name, key) for name, key in keys if key), (None, None))
    words = [word for word in argv if not word.startswith('-')]
    ignores_variable = tuple(words[:2]) in ENDPOINT_COMMANDS
    default = 'https://run.vast.ai' if ignores_variable else env.get('VAST_URL') or 'https://console.vast.ai'
    url = flag(argv, '--url') or default
    shown = {name: value.replace(key, '...') if key else value for name, value in env.items()}
    call = {'argv': argv, 'source': source, 'key': key and key[-4:], 'url': url, 'environment': shown}
    with open(${JSON.stringify(calls)}, 'a') as file:
        file.write(json.dumps(call) + '\\n')
    if words[:2] == ['set', 'api-key'] and len(words) == 3:
        os.makedirs(os.path.dirname(key_file), exist_ok=True)
        with open(key_file, 'w') as file:
            file.write(words[2])
        return 0
    if words[:1] == ['uninstall']:
        data = env.get('XDG_DATA_HOME') or os.path.join(home, '.local', 'share')
        shutil.rmtree(os.path.join(data, 'vastai'), ignore_errors=True)
        return 0
    if env.get('OFFICIAL_RUN'):
        return subprocess.call(env['OFFICIAL_RUN'], shell=True)
    paths = {('show', 'user'): '/api/v0/users/current', ('show', 'instances'): '/api/v1/instances/'}
    path = paths.get(tuple(words[:2]))
    if path and key:
        request = urllib.request.Request(url + path, headers={'Authorization': 'Bearer ' + key})
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request).read()
    printed = [word.replace(key, '...') if key else word for word in argv]
    print(json.dumps({'argv': printed, 'key': call['key'], 'source': source}))
    return int(env.get('OFFICIAL_EXIT', '0'))
`;
}
