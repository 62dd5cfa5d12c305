import type { Extractor } from './candidate.js';
import { codeExtractor, type Lexis } from './code-strings.js';
import { extractHcl } from './hcl.js';
import { markdownExtractor } from './markdown.js';
import { extractShell } from './shell.js';
import { extractYaml } from './yaml.js';

const GO: Lexis = {
  lineComment: '//',
  hasBlockComments: true,
  formAt: (source, at) =>
    source[at] === '`'
      ? { quote: '`', backslash: 'plain', spansLines: true }
      : { quote: source[at] as string },
  filledBefore:
    /\b(?:printf|Sprintf|Fprintf|Printf|Appendf|Errorf|Replace|ReplaceAll)\((?:[^()"`\n]{0,60},)?\s*$/u,
  joint: /\s*\+\s*/y,
  keepsUnknownEscapes: false,
  hasRegularExpressions: false,
  hasObjects: false,
};

const SCRIPT: Lexis = {
  lineComment: '//',
  hasBlockComments: true,
  formAt: (source, at) =>
    source[at] === '`'
      ? {
          quote: '`',
          backslash: source.endsWith('String.raw', at) ? 'keeps' : 'escapes',
          spansLines: true,
          placeholder: '${',
        }
      : { quote: source[at] as string },
  filledAfter: /[\s)]{0,200}\.(?:replace|replaceAll)\s{0,20}\(/y,
  joint: /\s*\+\s*/y,
  keepsUnknownEscapes: false,
  hasRegularExpressions: true,
  hasObjects: true,
};

const PYTHON: Lexis = {
  lineComment: '#',
  hasBlockComments: false,
  formAt: (source, at) => {
    const mark = source[at] as string;
    const [prefix = ''] = /(?<![\w])[rbfuRBFU]{0,2}$/u.exec(source.slice(Math.max(0, at - 3), at)) ?? [];
    const isLong = source.startsWith(mark.repeat(3), at);
    return {
      quote: isLong ? mark.repeat(3) : mark,
      spansLines: isLong,
      ...(/r/iu.test(prefix) ? { backslash: 'keeps' } : {}),
      ...(/f/iu.test(prefix) ? { placeholder: '{' } : {}),
    };
  },
  filledAfter: /[\s)]{0,200}(?:%(?!=)|\.(?:format|format_map|replace|substitute|safe_substitute)\s{0,20}\()/y,
  // Two strings in a row are one. The second may have a prefix.
  joint: /\s*\+\s*|\s+(?:[rbfuRBFU]{0,2}(?=["']))?/y,
  keepsUnknownEscapes: true,
  hasRegularExpressions: false,
  hasObjects: true,
};

const EXTRACTORS = {
  markdown: markdownExtractor((tag) => extractorFor(tag)),
  hcl: extractHcl,
  go: codeExtractor(GO),
  script: codeExtractor(SCRIPT),
  python: codeExtractor(PYTHON),
  yaml: extractYaml,
  shell: extractShell,
} as const satisfies Readonly<Record<string, Extractor>>;

/** By the extension of a file or the tag of a fenced code block, in lower case. */
const NAMES: Readonly<Record<string, keyof typeof EXTRACTORS>> = {
  md: 'markdown',
  mdx: 'markdown',
  markdown: 'markdown',
  hcl: 'hcl',
  tf: 'hcl',
  tfvars: 'hcl',
  terraform: 'hcl',
  go: 'go',
  golang: 'go',
  js: 'script',
  cjs: 'script',
  mjs: 'script',
  jsx: 'script',
  javascript: 'script',
  ts: 'script',
  cts: 'script',
  mts: 'script',
  tsx: 'script',
  typescript: 'script',
  py: 'python',
  pyi: 'python',
  python: 'python',
  yaml: 'yaml',
  yml: 'yaml',
  sh: 'shell',
  bash: 'shell',
  zsh: 'shell',
  shell: 'shell',
  console: 'shell',
};

/** The names that are tags only. */
const TAGS = new Set(['console', 'golang', 'javascript', 'python', 'shell', 'terraform', 'typescript']);

/** The extensions of files that can contain permission documents. */
export const EXTRACTABLE = Object.keys(NAMES)
  .filter((name) => !TAGS.has(name))
  .join(', ');

/** Returns true for the extension of a file that can contain documents. A tag such as `console` does not count. */
export function isExtractable(extension: string | undefined): extension is string {
  return extension !== undefined && Object.hasOwn(NAMES, extension) && !TAGS.has(extension);
}

/** Returns the extractor for a file extension or a fence tag, if there is one. */
export function extractorFor(name: string): Extractor | undefined {
  const key = name.toLowerCase();
  const language = Object.hasOwn(NAMES, key) ? NAMES[key] : undefined;
  return language === undefined ? undefined : EXTRACTORS[language];
}
