import { CAPABILITIES, type Capability } from '../decision/capability-names.js';
import type { Diagnostic, Severity } from '../validation/diagnostics.js';
import type { GateViolation } from './gates.js';
import { matchesGlob } from './glob.js';

/** The levels that a policy can give a finding. */
export const LEVELS = ['off', 'warning', 'security', 'error'] as const;

export type Level = (typeof LEVELS)[number];

/** Says how to judge documents. */
export interface Rules {
  /** By code. */
  readonly levels?: Readonly<Record<string, Level>>;
  readonly failLevel?: Severity;
  readonly failOn?: readonly Capability[];
}

/** Accepts findings, or what a gate forbids, for a reason. */
export interface Allowance {
  /** A code such as `VP205`, or a capability such as `spend-money`. */
  readonly finding: string;
  /** Globs. Without any, it applies to every file. */
  readonly files?: readonly string[];
  /** The JSONPath of the finding. Without one, it applies everywhere. */
  readonly path?: string;
  readonly reason: string;
  /** The last day, as `YYYY-MM-DD`. */
  readonly expires?: string;
}

/** Holds the content of a policy file. */
export interface Policy extends Rules {
  readonly allow?: readonly Allowance[];
  /** Later entries win. */
  readonly overrides?: readonly (Rules & { readonly files: readonly string[] })[];
}

/** Returns the rules for one file: those of the policy, replaced one by one by those of every override that matches. */
export function rulesFor({ overrides = [], allow: _, ...base }: Policy, path: string): Rules {
  let rules: Rules = base;
  for (const { files, ...own } of overrides) {
    if (!files.some((glob) => matchesGlob(glob, path))) continue;
    rules = { ...rules, ...own, levels: { ...rules.levels, ...own.levels } };
  }
  return rules;
}

/** Applies levels: leaves out findings that are off, and gives the others their severity. */
export function atLevels(diagnostics: readonly Diagnostic[], levels: Rules['levels'] = {}): Diagnostic[] {
  return diagnostics.flatMap((diagnostic) => {
    const level = Object.hasOwn(levels, diagnostic.code) ? levels[diagnostic.code] : undefined;
    if (level === 'off') return [];
    return [level === undefined ? diagnostic : { ...diagnostic, severity: level }];
  });
}

/** Returns true if an allowance has expired. @param today as `YYYY-MM-DD` */
export function hasExpired({ expires }: Allowance, today: string): boolean {
  return expires !== undefined && expires < today;
}

/** Returns the allowance for a finding or a failed gate, if one applies. */
export function allowanceFor(
  found: Pick<Diagnostic, 'code' | 'path'> | Pick<GateViolation, 'gate'>,
  path: string,
  allowances: readonly Allowance[],
): Allowance | undefined {
  const name = 'gate' in found ? found.gate : found.code;
  return allowances.find(
    (one) =>
      one.finding === name &&
      (one.files === undefined || one.files.some((glob) => matchesGlob(glob, path))) &&
      (one.path === undefined || ('path' in found && one.path === found.path)),
  );
}

/** Returns true if a string names a capability. */
export function isCapability(name: string): name is Capability {
  return (CAPABILITIES as readonly string[]).includes(name);
}
