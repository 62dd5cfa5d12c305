import { operationNamed } from './catalogue.js';
import { COMMAND_ROWS, type CommandRow, type FormRow } from './command-data.js';
import type { Operation } from './operation.js';

/** Describes a command of the official CLI and the operations it calls. */
export interface Command {
  /** The words of the command, such as `destroy instance`. */
  readonly name: string;
  /** The operations that its plain form always calls. */
  readonly calls: readonly Operation[];
  /** The parameters of `calls` that its words fill, in order. */
  readonly words: readonly string[];
  /** The parameters that its flags fill, by flag. */
  readonly flags: ReadonlyMap<string, string>;
  /** The requests of its other forms. */
  readonly forms: readonly CommandForm[];
}

/** Describes a form in which a command calls further or other operations. */
export interface CommandForm {
  /** The flags that choose this form, each on its own. Empty if nothing that is typed shows it. */
  readonly flags: readonly string[];
  /** Says when it has this form, to follow "also" or "instead": `with --schedule`, `if the test fails`. */
  readonly when: string;
  /** True if `calls` replace those of the plain form, false if they come on top. */
  readonly instead: boolean;
  readonly calls: readonly Operation[];
  /** The parameters of the command that mean the same for these operations. */
  readonly fills: readonly string[];
}

/** Every command of the official CLI in the catalogue, sorted. */
export const COMMAND_NAMES: readonly string[] = Object.keys(COMMAND_ROWS);

/** Returns the command of the official CLI with a name such as `destroy instance`. */
export function commandNamed(name: string): Command | undefined {
  const row = Object.hasOwn(COMMAND_ROWS, name) ? COMMAND_ROWS[name] : undefined;
  if (row === undefined) return undefined;
  const { calls, words, flags = {}, forms = [] } = fullRow(row);
  const operations = operationsOf(calls);
  return {
    name,
    calls: operations,
    words: words ?? wordsFor(operations[0]),
    flags: new Map(Object.entries(flags)),
    forms: forms.map(formOf),
  };
}

/** Names a command that calls an operation, and the form in which it does, if that is not the plain one. */
export interface Caller {
  readonly command: string;
  readonly when?: string;
}

/** Returns the commands that call an operation, sorted. */
export function callersOf(operation: string): readonly Caller[] {
  return COMMAND_NAMES.flatMap((command) => {
    const { calls, forms = [] } = fullRow(COMMAND_ROWS[command] as string | CommandRow);
    if (calls.includes(operation)) return [{ command }];
    const form = forms.find((one) => one.calls.includes(operation));
    return form === undefined ? [] : [{ command, when: whenOf(form) }];
  });
}

function fullRow(row: string | CommandRow): CommandRow {
  return typeof row === 'string' ? { calls: [row] } : row;
}

/** The official CLI always sends "me" as the user, so nobody types that one. */
function wordsFor(operation: Operation | undefined): readonly string[] {
  return operation?.parameters.filter((name) => name !== 'user_id') ?? [];
}

function formOf(row: FormRow): CommandForm {
  return {
    flags: 'flags' in row ? row.flags : [],
    when: whenOf(row),
    instead: row.instead ?? false,
    calls: operationsOf(row.calls),
    fills: row.fills ?? [],
  };
}

function whenOf(row: FormRow): string {
  return 'flags' in row ? `with ${row.flags[0]}` : row.when;
}

function operationsOf(names: readonly string[]): readonly Operation[] {
  return names.flatMap((name) => operationNamed(name) ?? []);
}
