import { type Path, pathTo } from '../../json/json-path.js';
import type { JsonNode, JsonObject } from '../../json/parse.js';
import type { Span } from '../../json/positions.js';
import { quote } from '../../json/quote.js';
import type { Findings } from '../findings.js';

/** Checks any JSON for duplicate keys, and for strings and numbers that cannot be sent unchanged. */
export function checkWellFormedness(node: JsonNode, findings: Findings, path?: Path): void {
  if (findings.isFull) return;
  if (node.type === 'object') checkObject(node, findings, path);
  if (node.type === 'array') {
    for (const [index, item] of node.items.entries())
      checkWellFormedness(item, findings, pathTo(path, index));
  }
  if (node.type === 'string') checkText(node.value, node, path, findings);
  if (node.type === 'number') checkNumber(node.value, node, path, findings);
}

function checkObject(node: JsonObject, findings: Findings, path: Path | undefined): void {
  const seen = new Set<string>();
  for (const { key, keySpan, value } of node.properties) {
    if (findings.isFull) return;
    const here = pathTo(path, key);
    if (seen.has(key)) {
      findings.add({
        code: 'VP009',
        span: keySpan,
        path: here,
        message: `Duplicate key ${quote(key)}.`,
        help: 'Keep one of them.',
      });
    }
    seen.add(key);
    checkText(key, keySpan, here, findings);
    if (value !== undefined) checkWellFormedness(value, findings, here);
  }
}

function checkText(text: string, span: Span, path: Path | undefined, findings: Findings): void {
  if (!/\p{Surrogate}/u.test(text)) return;
  findings.add({
    code: 'VP024',
    span,
    path,
    message: 'This string has half a surrogate pair, which is not a character.',
    help: 'Remove it, or write both halves.',
  });
}

function checkNumber(value: number, span: Span, path: Path | undefined, findings: Findings): void {
  if (Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER) return;
  findings.add({
    code: 'VP023',
    span,
    path,
    message: 'This number is too large to be represented exactly.',
    help: `Use numbers up to ${Number.MAX_SAFE_INTEGER}.`,
  });
}
