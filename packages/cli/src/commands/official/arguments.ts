import { isInBroker, readEnvironment } from '@vastai-cli/core/internal/base/environment';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { DEFAULT_URL, parseApiUrl } from '@vastai-cli/core/internal/base/origin';
import { refuseChoices } from '@vastai-cli/core/internal/context/broker-choices';
import { refuseOfficialInBroker } from '@vastai-cli/kit/command/in-broker';
import { PASSED_FLAGS } from '../../official/front-flags.js';
import { plain, readWords } from '../../runtime/fast-path/read-words.js';
import { knownFlags } from '../exec/arguments.js';

/** The flags in front of a command that name a key, and an API for it. */
export interface KeyFlags {
  readonly profile?: string | undefined;
  readonly 'api-key'?: string | undefined;
  readonly url?: string | undefined;
}

/** The commands that need no key, also with more behind them, such as a version. */
const WITHOUT_KEY = ['help', 'uninstall', 'update'];
const QUESTIONS = ['--help', '-h', '--version'];

/** Returns the flags in front of the command that the official CLI gets too. */
export function passedOn(front: readonly string[], flags: Readonly<Record<string, object>>): string[] {
  return readWords(front, knownFlags(flags), []).flatMap(({ flag = '', words }) =>
    PASSED_FLAGS.includes(flag) ? words : [],
  );
}

/**
 * Returns false for words that are answered without a key, which are questions for help or the version, and what changes
 * the program, and for those that bring a key themselves.
 */
export function needsKey(words: readonly string[]): boolean {
  const own = ofOfficialCli(words);
  if (own.some((word) => FLAG_FOR_KEY.test(word))) return false;
  const [command, next = ''] = namesIn(own);
  if (command === undefined || own.some((word) => QUESTIONS.includes(word))) return false;
  // "update workers" is a command of its own.
  return !WITHOUT_KEY.includes(command) || (command === 'update' && /^[a-z][a-z_-]+$/u.test(next));
}

/** Warns before commands that change what the key in use can do. */
const CHANGES_KEY: Readonly<Record<string, string>> = {
  'create team':
    'Creating a team changes what the key in use can do: from then on, it acts for the team, and no longer for your own account. If something else uses this key, create another one for the team first.',
  'destroy team':
    'Destroying a team changes what the key in use can do: afterwards, it acts for your own account again. The members lose their access, and the other API keys of the team are deleted.',
};

/** Returns a warning for a command that changes what the key in use can do, or `undefined`. A request for help changes nothing. */
export function keyChange(words: readonly string[]): string | undefined {
  const own = ofOfficialCli(words);
  if (own.some((word) => QUESTIONS.includes(word)) || namesIn(own)[0] === 'help') return undefined;
  // The values of flags in front look like names.
  const names = namesIn(own).map(plain);
  return names.map((name, at) => CHANGES_KEY[`${name} ${names[at + 1]}`]).find((text) => text !== undefined);
}

/** The commands that send the key to an API of Vast.ai for endpoints, whatever VAST_URL says. */
const WITHOUT_VAST_URL = ['get endpt-logs', 'get endpt-workers', 'get wrkgrp-logs', 'update workers'];

/**
 * Refuses what handles keys inside a program behind a broker, and to choose a key or an API there, also in a place that is
 * passed on.
 *
 * @param inFront the flags in front of the command
 * @throws UsageError if it is one of these.
 */
export function refuseBehindBroker(words: readonly string[], inFront: KeyFlags): void {
  const find = (flag: RegExp) => ofOfficialCli(words).find((word) => flag.test(word));
  refuseChoices(readEnvironment(process.env), {
    profile: inFront.profile,
    apiKey: inFront['api-key'] ?? find(FLAG_FOR_KEY),
    url: inFront.url ?? find(FLAG_FOR_URL),
  });
  if (!isBehindBroker() || !needsKey(words)) return;
  refuseOfficialInBroker(commandIn(words));
}

/** Returns true for the two-factor commands, which need the key itself, and no session. */
export function isTwoFactor(words: readonly string[]): boolean {
  return commandIn(words)[0] === 'tfa';
}

/** Returns the words of the command and its arguments, without flags. */
function commandIn(words: readonly string[]): string[] {
  const front = words.findIndex(
    (word, at) => !word.startsWith('-') && !FLAG_FOR_RETRY.test(words[at - 1] ?? ''),
  );
  return front === -1 ? [] : namesIn(ofOfficialCli(words.slice(front)));
}

/**
 * Returns the URL that the official CLI sends the key to, as far as its arguments say it.
 *
 * @param inFront the URL of a flag in front of the command
 * @throws UsageError if they name several APIs, or one in a form that another program might read differently.
 */
export function urlFor(words: readonly string[], inFront: string | undefined): string | undefined {
  const behind = ofOfficialCli(words).flatMap((word, at, all) => {
    const { name, value } = FLAG_FOR_URL.exec(word)?.groups ?? {};
    if (name === undefined) return [];
    return value === undefined ? all.slice(at + 1, at + 2) : [value];
  });
  const urls = [...(inFront === undefined ? [] : [inFront]), ...behind];
  const origins = new Set(urls.map((url) => parseApiUrl(url, '--url').origin));
  if (urls.some((url) => !PLAIN_URL.test(url)))
    throw new UsageError('The URL in --url is not valid.', `For example: ${DEFAULT_URL}`);
  if (origins.size > 1) throw new UsageError('--url names more than one API.');
  return urls[0] ?? (ignoresVastUrl(words) && !isBehindBroker() ? DEFAULT_URL : undefined);
}

/**
 * Returns how to start a command of the official CLI so that it reaches the broker around this program, if there is one. Some
 * commands go past an address in `VAST_URL`, but not past one in `--url`.
 *
 * @param words the command and its arguments
 */
export function throughBroker<Start extends OfficialStart>(words: readonly string[], start: Start): Start {
  const { VAST_URL, ...env } = start.env;
  if (!isBehindBroker() || VAST_URL === undefined || !ignoresVastUrl(words)) return start;
  return { ...start, args: ['--url', VAST_URL, ...start.args], env };
}

/** A start of the official CLI. */
interface OfficialStart {
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

function ignoresVastUrl(words: readonly string[]): boolean {
  return isOneOf(WITHOUT_VAST_URL, namesIn(ofOfficialCli(words)));
}

function isBehindBroker(): boolean {
  return isInBroker(readEnvironment(process.env));
}

/** Matches a URL whose host every parser finds: no backslash, nothing to decode, two slashes. */
const PLAIN_URL = /^https?:\/\/[\w.:[\]-]+\/?$/iu;

/** Its parser takes a part of a flag's name for the whole. */
const FLAG_FOR_URL = /^(?<name>--u(?:rl?)?)(?:=(?<value>.*))?$/su;
const FLAG_FOR_RETRY = /^--re(?:t(?:ry?)?)?$/u;
const FLAG_FOR_KEY = /^--api(?:-(?:k|ke|key)?)?(?:=.*)?$/su;

function namesIn(words: readonly string[]): string[] {
  return words.filter((word) => !word.startsWith('-'));
}

/** The commands in which `--args` takes all that follows, for a container. In others, such as `update instance`, it takes a word. */
const WITH_CONTAINER_ARGS = ['create instance', 'create instances', 'launch instance', 'set defjob'];

/** Returns the arguments up to those that it passes on itself, unread. */
function ofOfficialCli(words: readonly string[]): readonly string[] {
  const end = words.findIndex(
    (word, at) =>
      word === '--' || (word === '--args' && isOneOf(WITH_CONTAINER_ARGS, namesIn(words.slice(0, at)))),
  );
  return end === -1 ? words : words.slice(0, end);
}

/** Returns true if the names contain one of the commands. Values of flags in front of a command look like names too. */
function isOneOf(commands: readonly string[], names: readonly string[]): boolean {
  const plainNames = names.map(plain);
  return plainNames.some((name, at) => commands.includes(`${name} ${plainNames[at + 1]}`));
}
