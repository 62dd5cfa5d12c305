import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { closest } from '@vastai-cli/kit/closest';
import { readInputFile } from '@vastai-cli/kit/input/files';
import { toValue } from '@vastai-cli/permissions/document/to-document';
import { type JsonNode, parseJson } from '@vastai-cli/permissions/json/parse';
import { LineIndex, type Span } from '@vastai-cli/permissions/json/positions';
import { quote } from '@vastai-cli/permissions/json/quote';
import { decodeText } from '@vastai-cli/permissions/json/source-text';
import { printable } from '@vastai-cli/permissions/report/formats/printable';
import type { Policy } from '@vastai-cli/permissions/report/policy';
import { POLICY_KEYS, policySchema } from './policy-schema.js';

/** The size limit. People write policies, so they are small. */
const MAX_BYTES = 1024 * 1024;
const SHOWN = 5;

/** Holds a policy that was read. */
export interface ReadPolicy {
  /** The path of the file. */
  readonly file: string;
  readonly policy: Policy;
  /** The line of each entry of `allow`. */
  readonly allowLines: readonly number[];
}

interface Problem {
  readonly span: Span;
  readonly message: string;
}

/** Reads a policy file. @throws UsageError with the line of each problem if it cannot be read or is not valid. */
export async function readPolicy(path: string): Promise<ReadPolicy> {
  const { name, bytes } = await readInputFile(path);
  if (bytes.length > MAX_BYTES) throw new UsageError(`${printable(name)} is larger than 1 MiB.`);
  const { text, faults: encoding } = decodeText(bytes);
  if (encoding.some(({ kind }) => kind !== 'byte_order_mark'))
    throw new UsageError(`${printable(name)} is not UTF-8.`);
  const { root, faults } = parseJson(text);
  const lines = new LineIndex(text);
  const problems =
    root === undefined || faults.length > 0
      ? [...faults.map(({ span, message }) => ({ span, message })), ...(root === undefined ? [EMPTY] : [])]
      : oddKeys(root);
  if (problems.length > 0) throw invalid(name, problems, lines);
  const valibot = await import('valibot');
  const parsed = valibot.safeParse(policySchema(valibot), toValue(root as JsonNode));
  if (!parsed.success) {
    const found = parsed.issues.map((issue) => problemOf(issue, root as JsonNode));
    throw invalid(name, found, lines);
  }
  const { $schema: _, ...policy } = parsed.output;
  return { file: name, policy, allowLines: allowLines(root as JsonNode, lines) };
}

const EMPTY: Problem = { span: { start: 0, end: 0 }, message: 'The file is empty. Write an object.' };

/** Finds duplicate keys, and keys that every object has, which a schema passes over. Depth is limited by the parser. */
function oddKeys(node: JsonNode): Problem[] {
  if (node.type === 'array') return node.items.flatMap(oddKeys);
  if (node.type !== 'object') return [];
  const seen = new Set<string>();
  return node.properties.flatMap(({ key, keySpan: span, value }) => {
    const problem = seen.has(key)
      ? [{ span, message: `Duplicate key ${quote(key)}.` }]
      : key in Object.prototype
        ? [{ span, message: `Unknown key ${quote(key)}.` }]
        : [];
    seen.add(key);
    return [...problem, ...(value === undefined ? [] : oddKeys(value))];
  });
}

interface Issue {
  readonly type: string;
  readonly message: string;
  readonly expected: string | null;
  readonly path?: readonly { readonly key: unknown; readonly origin?: string }[] | undefined;
}

function problemOf({ type, message, expected, path = [] }: Issue, root: JsonNode): Problem {
  const keys = path.map(({ key }) => key);
  const key = String(keys.at(-1));
  const { node, keySpan } = find(root, keys);
  if (type === 'strict_object' && expected === 'never') {
    const meant = closest(key, POLICY_KEYS);
    const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`;
    return { span: keySpan ?? node, message: `Unknown key ${quote(key)}.${hint}` };
  }
  if (
    type === 'strict_object' &&
    path.length > 0 &&
    keySpan === undefined &&
    typeof keys.at(-1) === 'string'
  ) {
    return { span: node, message: `Missing key ${quote(key)}.` };
  }
  const isKey = path.at(-1)?.origin === 'key';
  const subject = typeof keys.at(-1) === 'string' ? `${quote(key)}: ` : '';
  return { span: isKey && keySpan !== undefined ? keySpan : node, message: `${subject}${message}` };
}

/** Follows a path. Returns the last node that exists, and the span of the last key if it does. */
function find(root: JsonNode, keys: readonly unknown[]): { node: JsonNode; keySpan: Span | undefined } {
  let node = root;
  let keySpan: Span | undefined;
  for (const key of keys) {
    keySpan = undefined;
    if (node.type === 'array') {
      node = node.items[key as number] ?? node;
    } else if (node.type === 'object') {
      const property = node.properties.find((one) => one.key === key);
      keySpan = property?.keySpan;
      node = property?.value ?? node;
    }
  }
  return { node, keySpan };
}

function allowLines(root: JsonNode, lines: LineIndex): number[] {
  const { node } = find(root, ['allow']);
  return node.type === 'array' ? node.items.map(({ start }) => lines.position(start).line) : [];
}

function invalid(name: string, problems: readonly Problem[], lines: LineIndex): UsageError {
  const described = problems.map(({ span, message }) => {
    const { line, column } = lines.position(span.start);
    return `${printable(name)}:${line}:${column}: ${message}`;
  });
  const [first = '', ...others] = described;
  const more = others.length > SHOWN ? [`and ${others.length - SHOWN} more.`] : [];
  return new UsageError(first, [...others.slice(0, SHOWN), ...more].join('\n') || undefined);
}
