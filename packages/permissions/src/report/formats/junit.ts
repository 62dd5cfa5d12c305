import { replaceUnseen } from '../../json/unseen.js';
import type { Diagnostic } from '../../validation/diagnostics.js';
import { byFile } from '../by-file.js';
import { type GateViolation, violationLine, violationText } from '../gates.js';
import type { Report } from '../report.js';

export interface JunitOptions {
  /** The command that checked, such as `vastai permissions validate`. */
  readonly command: string;
  /** Returns true for diagnostics that are failures. The others go to `system-out`. */
  readonly isFailure: (diagnostic: Diagnostic) => boolean;
  /** The time of the check, as `YYYY-MM-DDThh:mm:ss`. */
  readonly timestamp: string;
}

/**
 * Formats the report as JUnit XML: one suite for each file, with one test case for each failure and each failed gate, or a
 * passing one if the file has none. The result is valid for the schemas of both Ant and Jenkins.
 */
export function junitFormat({ files, diagnostics, violations = [] }: Report, options: JunitOptions): string {
  const diagnosticsOf = byFile(diagnostics);
  const violationsOf = byFile(violations);
  const suites = files.map(({ file }, index) =>
    suite(
      { file, diagnostics: diagnosticsOf.get(file) ?? [], violations: violationsOf.get(file) ?? [] },
      index,
      options,
    ),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join('')}</testsuites>\n`;
}

interface Suite {
  readonly file: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly violations: readonly GateViolation[];
}

function suite(
  { file, diagnostics, violations }: Suite,
  index: number,
  { command, isFailure, timestamp }: JunitOptions,
): string {
  const failed = [...diagnostics.filter(isFailure).map(failedCase), ...violations.map(failedGate)];
  const cases = failed.length === 0 ? [testCase(file, 'valid', '')] : failed;
  const others = diagnostics.filter((diagnostic) => !isFailure(diagnostic)).map(line);
  const name = attribute(file === '' ? '-' : file);
  return [
    `  <testsuite name="${name}" tests="${cases.length}" failures="${failed.length}" errors="0" time="0"`,
    ` timestamp="${attribute(timestamp)}" hostname="localhost" id="${index}" package="${name}">\n`,
    `    <properties><property name="tool" value="${attribute(command)}"/></properties>\n`,
    ...cases,
    `    <system-out>${content(others.join(''))}</system-out>\n    <system-err/>\n  </testsuite>\n`,
  ].join('');
}

function failedGate(violation: GateViolation): string {
  const { file, gate, line: at } = violation;
  const where = at === undefined ? '' : ` line ${at}`;
  return testCase(
    file,
    `Gate ${gate}${where}`,
    `<failure type="gate" message="${attribute(violationText(violation))}">${content(violationLine(violation))}</failure>`,
  );
}

function failedCase(diagnostic: Diagnostic): string {
  const { file, code, severity, path, message, help } = diagnostic;
  return testCase(
    file,
    `${code} ${path}`,
    `<failure type="${attribute(severity)}" message="${attribute(message)}">${content(`${line(diagnostic)}${help}`)}</failure>`,
  );
}

function testCase(file: string, name: string, inner: string): string {
  return `    <testcase classname="${attribute(file)}" name="${attribute(name)}" time="0">${inner}</testcase>\n`;
}

function line({ file, line: number, column, severity, code, message }: Diagnostic): string {
  return `${file}:${number}:${column}: ${severity} ${code} ${message}\n`;
}

/** Escapes text for XML, including control and invisible characters. */
function content(text: string): string {
  const escaped = withoutInvalid(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
  return replaceUnseen(escaped, (character) =>
    /[\t\n\r]/u.test(character)
      ? character
      : `&#x${(character.codePointAt(0) as number).toString(16).toUpperCase()};`,
  );
}

function attribute(text: string): string {
  return content(text)
    .replaceAll('"', '&quot;')
    .replace(/[\t\n\r]/gu, ' ');
}

/** Replaces characters that XML 1.0 cannot represent, even escaped. */
function withoutInvalid(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\p{Cs}]/gu, '\uFFFD');
}
