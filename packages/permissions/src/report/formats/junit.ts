import { replaceUnseen } from '../../json/unseen.js';
import type { Diagnostic } from '../../validation/diagnostics.js';
import type { Report, ReportFile } from '../report.js';

export interface JunitOptions {
  /** Which diagnostics are failures; the others stand in the suite's output. */
  readonly isFailure: (diagnostic: Diagnostic) => boolean;
  /** When the files were looked at, as `YYYY-MM-DDThh:mm:ss`. */
  readonly timestamp: string;
}

/**
 * Writes JUnit XML, one suite for each file and one test case for each failure, or one that passed. It keeps to
 * what the schemas of Ant and of Jenkins both allow.
 */
export function junitFormat({ files, diagnostics }: Report, options: JunitOptions): string {
  const suites = files.map((file, index) =>
    suite(
      file,
      index,
      diagnostics.filter((diagnostic) => diagnostic.file === file.file),
      options,
    ),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join('')}</testsuites>\n`;
}

function suite(
  { file }: ReportFile,
  index: number,
  diagnostics: readonly Diagnostic[],
  { isFailure, timestamp }: JunitOptions,
): string {
  const failures = diagnostics.filter(isFailure);
  const cases = failures.length === 0 ? [testCase(file, 'valid', '')] : failures.map(failedCase);
  const others = diagnostics.filter((diagnostic) => !isFailure(diagnostic)).map(line);
  const name = attribute(file === '' ? '-' : file);
  return [
    `  <testsuite name="${name}" tests="${cases.length}" failures="${failures.length}" errors="0" time="0"`,
    ` timestamp="${attribute(timestamp)}" hostname="localhost" id="${index}" package="${name}">\n`,
    '    <properties><property name="tool" value="vastai permissions validate"/></properties>\n',
    ...cases,
    `    <system-out>${content(others.join(''))}</system-out>\n    <system-err/>\n  </testsuite>\n`,
  ].join('');
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

/** Escapes for XML, also what a terminal would obey or hide. */
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

/** Replaces the characters that XML 1.0 has no way to write, not even escaped. */
function withoutInvalid(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\p{Cs}]/gu, '\uFFFD');
}
