import type { Capability } from '../../decision/capability-names.js';
import { CAPABILITY_WORDS } from '../../decision/capability-names.js';
import { DIAGNOSTIC_RULES, type DiagnosticCode } from '../../validation/diagnostics.js';
import { type GateViolation, violationText } from '../gates.js';
import { fileUri } from './file-uri.js';

const PAGE = 'https://github.com/vastai-cli/vastai-cli/blob/main/docs/permissions.md#gates';

/** The finding about the same capability, which says how bad it is. */
const SAME: Readonly<Record<Capability, DiagnosticCode>> = {
  'mint-keys': 'VP201',
  'change-access': 'VP203',
  'read-secrets': 'VP204',
  'spend-money': 'VP205',
  destroy: 'VP206',
};

/** Returns a gate as a SARIF rule. */
export function gateRule(gate: Capability) {
  const text = `A gate forbids keys that can, or may, ${CAPABILITY_WORDS[gate]}. Remove that access from the document, or allow it in the policy with a reason.`;
  const { rank } = DIAGNOSTIC_RULES[SAME[gate]] as { readonly rank?: number };
  return {
    id: ruleId(gate),
    name: 'FailedGate',
    shortDescription: { text: `can ${CAPABILITY_WORDS[gate]}, which a gate forbids` },
    fullDescription: { text },
    help: { text: `${text} See ${PAGE}`, markdown: text },
    helpUri: PAGE,
    defaultConfiguration: { level: 'error' },
    properties: { tags: ['security'], 'security-severity': (rank ?? 0).toFixed(1) },
  };
}

/** Returns a failed gate as a SARIF result, without the index of its rule. */
export function gateResult(violation: GateViolation) {
  const { gate, file, line = 1 } = violation;
  return {
    ruleId: ruleId(gate),
    level: 'error',
    message: { text: violationText(violation) },
    locations: [
      { physicalLocation: { artifactLocation: { uri: fileUri(file) }, region: { startLine: line } } },
    ],
    partialFingerprints: { 'permissionPath/v1': ruleId(gate) },
  };
}

function ruleId(gate: Capability): string {
  return `fail-on/${gate}`;
}
