import { escapeUnits, replaceUnseen } from '../../json/unseen.js';
import {
  DIAGNOSTIC_RULES,
  type Diagnostic,
  type DiagnosticCode,
  type Severity,
} from '../../validation/diagnostics.js';
import type { Report } from '../report.js';

type Sarif = Readonly<Record<string, unknown>>;

/** The rank that GitHub code scanning gives to security findings. */
const SECURITY_SEVERITY = '7.0';

const LEVELS: Readonly<Record<Severity, 'error' | 'warning'>> = {
  error: 'error',
  security: 'warning',
  warning: 'warning',
};

/** Returns the report as SARIF 2.1.0 (OASIS), for code scanning. */
export function sarifReport({ files, diagnostics }: Report): Sarif {
  const codes = [...new Set(diagnostics.map(({ code }) => code))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'vastai permissions', rules: codes.map(rule) } },
        columnKind: 'utf16CodeUnits',
        artifacts: files.map(({ file }) => ({ location: { uri: fileUri(file) } })),
        results: diagnostics.map((diagnostic) => result(diagnostic, codes)),
      },
    ],
  };
}

/** Formats the report as SARIF, with control and invisible characters escaped. */
export function sarifFormat(report: Report): string {
  const json = JSON.stringify(sarifReport(report), null, 2);
  return `${replaceUnseen(json, (character) => (character === '\n' ? character : escapeUnits(character)))}\n`;
}

function rule(code: DiagnosticCode): Sarif {
  const { severity, title, explanation } = DIAGNOSTIC_RULES[code];
  return {
    id: code,
    name: title.replace(/[^A-Za-z]+(.)?/gu, (_, letter: string | undefined) => letter?.toUpperCase() ?? ''),
    shortDescription: { text: title },
    fullDescription: { text: explanation },
    defaultConfiguration: { level: LEVELS[severity] },
    properties:
      severity === 'security' ? { tags: ['security'], 'security-severity': SECURITY_SEVERITY } : { tags: [] },
  };
}

function result(diagnostic: Diagnostic, codes: readonly DiagnosticCode[]): Sarif {
  const { code, severity, file, line, column, endLine, endColumn, path, message, help } = diagnostic;
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: LEVELS[severity],
    message: { text: `${message} ${help}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: fileUri(file) },
          region: { startLine: line, startColumn: column, endLine, endColumn },
        },
        logicalLocations: [{ fullyQualifiedName: path }],
      },
    ],
    partialFingerprints: { 'permissionPath/v1': `${code} ${path}` },
  };
}

/** Converts a file name to a URI reference, relative if the name is. Standard input becomes `stdin`. */
export function fileUri(file: string): string {
  if (file === '-' || file === '<stdin>') return 'stdin';
  const path = file.replaceAll('\\', '/').replace(/\p{Surrogate}/gu, '\uFFFD');
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  if (/^[A-Za-z]:\//u.test(path)) return `file:///${encoded.replace('%3A', ':')}`;
  return path.startsWith('/') ? `file://${encoded}` : encoded;
}
