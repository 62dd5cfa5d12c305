import { escapeUnits, replaceUnseen } from '../../json/unseen.js';
import {
  anchorOf,
  DIAGNOSTIC_RULES,
  type Diagnostic,
  type DiagnosticCode,
  type DiagnosticRule,
  type Severity,
} from '../../validation/diagnostics.js';
import type { Report } from '../report.js';
import { fileUri } from './file-uri.js';
import { gateResult, gateRule } from './sarif-gates.js';

type Sarif = Readonly<Record<string, unknown>>;

const PAGE = 'https://github.com/vastai-cli/vastai-cli/blob/main/docs/permission-diagnostics.md';

/** Findings about access from this rank on count as errors: such a key can take over the account. */
const TAKES_OVER = 9;

/** Returns the level of a finding. It tells a key that creates keys from one that only plans a maintenance. */
function levelOf(severity: Severity, { rank }: DiagnosticRule): 'error' | 'warning' | 'note' {
  if (severity === 'error' || (severity === 'security' && (rank ?? 0) >= TAKES_OVER)) return 'error';
  return severity === 'warning' && rank !== undefined ? 'note' : 'warning';
}

/**
 * Returns the report as SARIF 2.1.0 (OASIS), for code scanning.
 *
 * @param version the version of this program
 */
export function sarifReport({ files, diagnostics, violations = [] }: Report, version: string): Sarif {
  const codes = [...new Set(diagnostics.map(({ code }) => code))].sort();
  const gates = [...new Set(violations.map(({ gate }) => gate))].sort();
  const rules = [...codes.map(rule), ...gates.map(gateRule)];
  const indexes = new Map(rules.map(({ id }, index) => [id, index]));
  const driver = { name: 'vastai permissions', version, informationUri: PAGE, rules };
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver },
        columnKind: 'utf16CodeUnits',
        artifacts: files.map(({ file }) => ({ location: { uri: fileUri(file) } })),
        results: [...diagnostics.map(result), ...violations.map(gateResult)].map((one) => ({
          ...one,
          ruleIndex: indexes.get(one.ruleId),
        })),
      },
    ],
  };
}

/** Formats the report as SARIF, with control and invisible characters escaped. */
export function sarifFormat(report: Report, version: string): string {
  const json = JSON.stringify(sarifReport(report, version), null, 2);
  return `${replaceUnseen(json, (character) => (character === '\n' ? character : escapeUnits(character)))}\n`;
}

function rule(code: DiagnosticCode) {
  const entry: DiagnosticRule = DIAGNOSTIC_RULES[code];
  const { severity, title, explanation, rank } = entry;
  const text = explanation.replaceAll('`', '');
  return {
    id: code,
    name: title.replace(/[^A-Za-z]+(.)?/gu, (_, letter: string | undefined) => letter?.toUpperCase() ?? ''),
    shortDescription: { text: title },
    fullDescription: { text },
    help: { text: `${text} See ${PAGE}#${anchorOf(code)}`, markdown: `**${title}**\n\n${explanation}` },
    helpUri: `${PAGE}#${anchorOf(code)}`,
    defaultConfiguration: { level: levelOf(severity, entry) },
    properties:
      rank === undefined ? { tags: [] } : { tags: ['security'], 'security-severity': rank.toFixed(1) },
  };
}

function result(diagnostic: Diagnostic) {
  const { code, severity, file, line, column, endLine, endColumn, path, message, help } = diagnostic;
  return {
    ruleId: code,
    level: levelOf(severity, DIAGNOSTIC_RULES[code]),
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
