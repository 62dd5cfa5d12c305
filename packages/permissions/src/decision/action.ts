import {
  findOperation,
  mayReachElsewhere,
  OPERATIONS,
  operationNamed,
  operationOfEndpoint,
} from '../catalogue/catalogue.js';
import { COMMAND_NAMES, type Command, type CommandForm } from '../catalogue/commands.js';
import type { Operation } from '../catalogue/operation.js';
import { nearest } from '../catalogue/spelling.js';
import type { Scalar } from '../document/condition.js';
import {
  isSeveralCommands,
  possibleCommandNames,
  readTypedCommand,
  type TypedCommand,
} from './typed-command.js';

/** Parameter values by name. */
export type Parameters = Readonly<Record<string, Scalar>>;

/** The ways to name an action. */
export type ActionKind = 'request' | 'command' | 'operation';

/** Describes something that a key should be able to do. */
export interface Action {
  /** The name as the user typed it, for notes. */
  readonly name: string;
  /**
   * The operations it needs: for a command, those of the form that was typed. They decide. Empty for a request whose
   * route is not in the catalogue.
   */
  readonly operations: readonly Operation[];
  /** The parameters of these operations. */
  readonly parameters: Parameters;
  /** Set if the action was given as a request: the method in upper case, and the path with its query. */
  readonly request?: { readonly method: string; readonly path: string };
  /** Explains, in one sentence, why the operation of a request is unknown, so that `operations` is empty. */
  readonly unclear?: string;
  /** The origin of a request that was given as a URL, unless it is Vast.ai's. Say so: a document says nothing about it. */
  readonly origin?: string;
  /** The requests of the other forms of the command, to be listed apart. Absent if it has none. */
  readonly others?: readonly OtherForm[];
  /** The names of given parameters that mean nothing for these operations, so `parameters` lacks them. */
  readonly unused?: readonly string[];
}

/** Describes a form of a command that was not typed, and what it calls. */
export interface OtherForm {
  /** The form, to follow "also" or "instead": `with --schedule`, `if its tests fail`. */
  readonly when: string;
  /** True if these operations replace those of the plain form, false if they come on top. */
  readonly instead: boolean;
  readonly operations: readonly Operation[];
  /** The parameters of these operations. The `id` of the plain form is often not theirs. */
  readonly parameters: Parameters;
}

/**
 * The reason why a string names no action: it is not a request, or more than one command, or the catalogue has no such
 * command or operation.
 */
export interface NoAction {
  readonly problem: 'malformed' | 'unknown';
  /** The name that was looked up, without the flags of a typed command, since one of them can hold a key. */
  readonly name?: string;
}

/** The greatest edit distance between a name and a suggestion for it. */
const FARTHEST = 3;

const VAST_AI = 'https://console.vast.ai';

/**
 * Reads an action: a request such as `DELETE /api/v0/instances/5/`, with a path or a full URL; a command of the official
 * CLI as it is typed, such as `destroy instance` or `vastai destroy instance 5 --yes`; or an operation by its name, such
 * as `instance.destroy`, or by its published endpoint name.
 *
 * @param parameters further parameters; values in the path of a request or in a command take precedence
 */
export function readAction(kind: ActionKind, text: string, parameters: Parameters = {}): Action | NoAction {
  if (kind === 'request') return readRequest(text, parameters);
  if (kind === 'command') {
    if (isSeveralCommands(text)) return { problem: 'malformed' };
    const typed = readTypedCommand(text);
    if (typed !== undefined) return commandAction(typed, parameters);
    return { problem: 'unknown', name: possibleCommandNames(text)[0] ?? '' };
  }
  const name = text.trim();
  const operation = operationNamed(name) ?? operationOfEndpoint(name);
  return operation === undefined
    ? { problem: 'unknown', name }
    : { name, operations: [operation], parameters };
}

function readRequest(text: string, parameters: Parameters): Action | NoAction {
  const [, method, base, path] =
    /^\s*([A-Za-z]+)\s+(?:(https?:\/\/[^\s/?#\\]+)(?![^\s/?#]))?(\/\S*)?\s*$/iu.exec(text) ?? [];
  const origin = base === undefined ? undefined : originOf(base);
  if (method === undefined || (path === undefined && origin === undefined)) return { problem: 'malformed' };
  if (base !== undefined && origin === undefined) return { problem: 'malformed' };
  const action = requestAction(method, path ?? '/', parameters);
  return origin === undefined || origin === VAST_AI ? action : { ...action, origin };
}

/** Returns scheme, host and port of a URL, without a user name or password in it. */
function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined;
}

/** Returns the action for a request. See `findOperation` for how the path is read. */
export function requestAction(method: string, path: string, parameters: Parameters = {}): Action {
  const request = { method: method.toUpperCase(), path };
  const name = `${request.method} ${path}`;
  if (mayReachElsewhere(method, path))
    return { name, operations: [], parameters, request, unclear: UNCLEAR_PATH };
  const found = findOperation(method, path);
  return {
    name,
    operations: found === undefined ? [] : [found.operation],
    parameters: withoutContested({ ...parameters, ...found?.parameters }, found?.parameters, path),
    request,
  };
}

const UNCLEAR_PATH = 'The path has an encoded slash or a backslash, so the request may reach another route.';

/** Leaves out each parameter of a path to which the query gives another value: a server could take either. */
function withoutContested(
  all: Parameters,
  ofPath: Readonly<Record<string, string>> | undefined,
  path: string,
): Parameters {
  const [, query] = /\?([^#]*)/u.exec(path) ?? [];
  if (query === undefined || ofPath === undefined) return all;
  const also = new URLSearchParams(query);
  const isContested = (name: string) =>
    Object.hasOwn(ofPath, name) && also.getAll(name).some((other) => other !== ofPath[name]);
  return Object.fromEntries(Object.entries(all).filter(([name]) => !isContested(name)));
}

/** Returns the action for a command. Its name leaves out all flags, since one of them can hold a key. */
function commandAction({ command, words, flags }: TypedCommand, given: Parameters): Action {
  const has = ({ flags: ones }: CommandForm) => ones.some((flag) => flags.has(flag.replaceAll('_', '-')));
  const typed = command.forms.filter(has);
  const replaced = typed.some(({ instead }) => instead);
  const operations = [...(replaced ? [] : command.calls), ...typed.flatMap(({ calls }) => calls)];
  const all = { ...given, ...typedParameters(command, words, flags) };
  const own = replaced ? typed.flatMap(({ fills }) => fills) : [...command.words, ...command.flags.values()];
  const parameters = only(
    all,
    own.filter((name) => isInPath(operations, name)),
    command,
  );
  const others = command.forms
    .filter((form) => !(has(form) || (replaced && form.instead)))
    .map(({ when, instead, calls, fills }) => ({
      when,
      instead,
      operations: calls,
      parameters: only(all, fills, command),
    }));
  const used = new Set([parameters, ...others.map((form) => form.parameters)].flatMap(Object.keys));
  const unused = Object.keys(given).filter((name) => !used.has(name));
  return {
    name: [command.name, ...words.slice(0, command.words.length)].join(' '),
    operations,
    parameters,
    ...(others.length === 0 ? {} : { others }),
    ...(unused.length === 0 ? {} : { unused }),
  };
}

/** Matches what help pages print for a value, and what a shell would replace. */
const PLACEHOLDER = /^(?:(?:[A-Z]+_)?ID|NAME|<.*>|\{.*\}|\[.*\]|\$.+)$/su;

function typedParameters(
  command: Command,
  words: TypedCommand['words'],
  flags: TypedCommand['flags'],
): Record<string, string> {
  const named = command.words.map((name, index) => [name, words[index]] as const);
  const flagged = [...command.flags].map(([flag, name]) => [name, flags.get(flag)] as const);
  return Object.fromEntries(
    [...named, ...flagged].flatMap(([name, value]) =>
      value === undefined || PLACEHOLDER.test(value) ? [] : [[name, value]],
    ),
  );
}

/** Keeps the parameters with the given names, and all that are in no path of the command, such as those of a body. */
function only(parameters: Parameters, names: readonly string[], { calls, forms }: Command): Parameters {
  const everything = [calls, ...forms.map((form) => form.calls)].flat();
  return Object.fromEntries(
    Object.entries(parameters).filter(([name]) => names.includes(name) || !isInPath(everything, name)),
  );
}

function isInPath(operations: readonly Operation[], name: string): boolean {
  return operations.some(({ parameters }) => parameters.includes(name));
}

/** Returns the command or operation of the catalogue that is closest to a misspelled one. */
export function similarAction(kind: Exclude<ActionKind, 'request'>, text: string): string | undefined {
  if (kind === 'operation') {
    const names = OPERATIONS.map(({ operation }) => operation);
    return nearest(text.trim(), names, FARTHEST)[0];
  }
  return possibleCommandNames(text)
    .map((name) => nearest(name, COMMAND_NAMES, name.includes(' ') ? FARTHEST : 1)[0])
    .find((name) => name !== undefined);
}
