import { createHash } from 'node:crypto';
import { REASONS } from '@vastai-cli/leak-scan';
import { escapeUnits, replaceUnseen } from '@vastai-cli/permissions/json/unseen';
import { fileUri } from '@vastai-cli/permissions/report/formats/file-uri';
import { messageOf } from './message.js';
import type { Finding, ScanReport } from './scan-report.js';

const PAGE = 'https://github.com/vastai-cli/vastai-cli/blob/main/docs/scan.md';

/** Formats a report as SARIF 2.1.0 (OASIS), for code scanning. */
export function sarifFormat({ findings }: ScanReport, version: string): string {
  const reasons = [...new Set(findings.map(({ reason }) => reason))].sort();
  const rules = reasons.map((reason) => ({
    id: `vastai-key/${reason}`,
    name: 'LeakedVastaiKey',
    shortDescription: { text: `A Vast.ai API key: ${REASONS[reason]}` },
    fullDescription: {
      text: `A Vast.ai API key: ${REASONS[reason]}. Anyone who can read the file can use it.`,
    },
    help: { text: `Delete the key: vastai revoke api-key. See ${PAGE}` },
    helpUri: PAGE,
    defaultConfiguration: { level: 'error' },
    properties: { tags: ['security'], 'security-severity': '9.0' },
  }));
  const sarif = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'vastai scan', version, informationUri: PAGE, rules } },
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => resultOf(finding, reasons.indexOf(finding.reason))),
      },
    ],
  };
  const json = JSON.stringify(sarif, null, 2);
  return `${replaceUnseen(json, (character) => (character === '\n' ? character : escapeUnits(character)))}\n`;
}

function resultOf(finding: Finding, ruleIndex: number) {
  const { path, line, column, reason, suffix } = finding;
  return {
    ruleId: `vastai-key/${reason}`,
    ruleIndex,
    level: finding.verified === 'revoked' ? 'note' : 'error',
    message: { text: messageOf(finding) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: fileUri(path) },
          region: { startLine: line, startColumn: column },
        },
      },
    ],
    // The same in every run, so that code scanning knows a finding again when its line moves.
    partialFingerprints: { 'vastaiKey/v1': digest(`${path}\0${reason}\0${suffix}`) },
  };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
