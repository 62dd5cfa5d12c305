// Reads the declarations that tsc writes (`.d.ts`). They are regular enough to split without a compiler, and this version
// of TypeScript has no stable API.

const TOKEN =
  /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`|[{}()[\];]/gu;
const NAMED =
  /^(?:export )?(?:declare )?(?:abstract )?(?:function|class|interface|type|const|enum) ([\w$]+)/u;
const BRACED = /^(?:export )?(?:declare )?(?:abstract )?(?:class|interface|enum)\b/u;

/**
 * Reads one file.
 *
 * @returns its declarations by name, `{ name, doc, code }` with the leading docstring apart, and what it imports from other
 *   files of the package, as `{ from, name }` by the name that it has here
 */
export function readDeclarations(text) {
  const declarations = new Map();
  const imports = new Map();
  for (const { doc, code } of statementsOf(text)) {
    const [, names, from] = /^import (?:type )?\{([^}]*)\} from ['"](\.[^'"]*)['"]/u.exec(code) ?? [];
    for (const one of names?.split(',') ?? []) {
      const [name, alias = name] = one
        .trim()
        .replace(/^type /u, '')
        .split(' as ');
      imports.set(alias, { from, name });
    }
    const name = NAMED.exec(code)?.[1];
    if (name === undefined) continue;
    const before = declarations.get(name);
    declarations.set(name, before ? { ...before, code: `${before.code}\n${code}` } : { name, doc, code });
  }
  return { declarations, imports };
}

/** Returns the names that a declaration uses, without those of its own properties and parameters. */
export function namesIn(code) {
  const bare = code.replaceAll(TOKEN, (token) => (/^[{}()[\];]/u.test(token) ? token : ''));
  return new Set([...bare.matchAll(/[A-Za-z_$][\w$]*(?![\w$]|\??:)/gu)].map(([name]) => name));
}

/** Returns a declaration without the docstrings inside it. */
export function withoutDocs(code) {
  return code.replaceAll(/^[ \t]*\/\*\*[\s\S]*?\*\/\n/gmu, '');
}

function statementsOf(text) {
  const statements = [];
  let depth = 0;
  let start = 0;
  let doc = '';
  const end = (at) => {
    statements.push({ doc, code: text.slice(start, at).trim() });
    start = at;
    doc = '';
  };
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    const isOutside = depth === 0 && text.slice(start, index).trim() === '';
    const next = index + token.length;
    if (token.startsWith('/') && isOutside) {
      doc = token.startsWith('/**') ? token : '';
      start = next;
    } else if ('{(['.includes(token)) {
      depth += 1;
    } else if ('})]'.includes(token)) {
      depth -= 1;
      if (depth === 0 && token === '}' && BRACED.test(text.slice(start).trimStart())) end(next);
    } else if (token === ';' && depth === 0) end(next);
  }
  return statements;
}
