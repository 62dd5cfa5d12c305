import { UsageError } from '@vastai-cli/core/internal/base/errors';

/** A JSON value under construction. Leaves are JSON texts, so that a number keeps its spelling and all of its digits. */
export type JsonNode =
  | { readonly kind: 'text'; readonly json: string }
  | { readonly kind: 'object'; readonly fields: Map<string, JsonNode> }
  | { readonly kind: 'list'; readonly items: JsonNode[] };

/** A step from a value into one of its parts: the name of a field, or a new item at the end of a list. */
export type Step = { readonly name: string } | 'append';

type Container = Exclude<JsonNode, { kind: 'text' }>;

export const emptyObject = (): JsonNode & { kind: 'object' } => ({ kind: 'object', fields: new Map() });
const emptyList = (): Container => ({ kind: 'list', items: [] });

/**
 * Puts a value into a tree, and makes the objects and lists on the way. A step into the objects of a list goes to the last of
 * them, as long as that does not have the field yet.
 *
 * @param value undefined for an empty list, if the last step appends
 * @param name how the place was typed, for errors
 * @throws UsageError if the place has a value of another kind, or one that would be replaced.
 */
export function place(
  root: JsonNode,
  steps: readonly Step[],
  value: JsonNode | undefined,
  name: string,
): void {
  let node = root;
  for (const [at, step] of steps.entries()) {
    const rest = steps.slice(at + 1);
    if (rest.length === 0) put(node, step, value, name);
    else node = descend(node, step, rest, name);
  }
}

function put(node: JsonNode, step: Step, value: JsonNode | undefined, name: string): void {
  if (step === 'append') {
    if (node.kind !== 'list') throw conflict(name);
    if (value !== undefined) node.items.push(value);
    return;
  }
  if (node.kind !== 'object' || value === undefined) throw conflict(name);
  if (node.fields.has(step.name)) throw new UsageError(`The field ${name} is given twice.`);
  node.fields.set(step.name, value);
}

/** Returns the container that a step leads to. Makes it if it is not there. */
function descend(node: JsonNode, step: Step, rest: readonly Step[], name: string): JsonNode {
  const made = rest[0] === 'append' ? emptyList() : emptyObject();
  if (step === 'append') {
    if (node.kind !== 'list') throw conflict(name);
    const last = node.items.at(-1);
    if (last !== undefined && hasRoom(last, rest)) return last;
    node.items.push(made);
    return made;
  }
  if (node.kind !== 'object') throw conflict(name);
  const known = node.fields.get(step.name);
  if (known === undefined) node.fields.set(step.name, made);
  return known ?? made;
}

/** Returns true if a value can go to a place below this node without replacing anything. */
function hasRoom(node: JsonNode | undefined, steps: readonly Step[]): boolean {
  const [step, ...rest] = steps;
  if (node === undefined) return true;
  if (step === undefined || node.kind === 'text') return false;
  if (step === 'append') return node.kind === 'list';
  return node.kind === 'object' && hasRoom(node.fields.get(step.name), rest);
}

function conflict(name: string): UsageError {
  return new UsageError(`The field ${name} conflicts with an earlier field.`, FORMS);
}

const FORMS =
  'Use only one form for a field: key=VALUE, key[name]=VALUE for an object, or key[]=VALUE for a list.';

/** Returns the JSON text of a tree, without spaces between its parts. */
export function toText(node: JsonNode): string {
  if (node.kind === 'text') return node.json;
  if (node.kind === 'list') return `[${node.items.map(toText).join(',')}]`;
  const fields = [...node.fields].map(([name, value]) => `${JSON.stringify(name)}:${toText(value)}`);
  return `{${fields.join(',')}}`;
}
