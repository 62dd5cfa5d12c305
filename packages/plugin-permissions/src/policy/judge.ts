import { relative, resolve, sep } from 'node:path';
import type { Capability } from '@vastai-cli/permissions/decision/capability-names';
import type { GateViolation } from '@vastai-cli/permissions/report/gates';
import type { Rules } from '@vastai-cli/permissions/report/policy';
import type { AllowedFinding, ExpiredAllowance } from '@vastai-cli/permissions/report/report';
import type { Diagnostic, Severity } from '@vastai-cli/permissions/validation/diagnostics';
import { findPolicy } from './find-policy.js';
import type { ReadPolicy } from './read-policy.js';

/** Holds the flags that say how to judge documents. They count in addition to a policy file, or instead of it. */
export interface JudgingFlags {
  /** The path of a policy to use for every document. */
  readonly config?: string | undefined;
  readonly failLevel?: Severity | undefined;
  readonly failOn?: readonly Capability[] | undefined;
}

/** Describes a document that was checked. */
export interface CheckedDocument {
  readonly name: string;
  /** Undefined for a document that is not a file. */
  readonly path: string | undefined;
  /** Undefined if it has errors. */
  readonly document: unknown;
  readonly diagnostics: readonly Diagnostic[];
}

/** Holds what remains of the findings of a document. */
export interface Judgement {
  readonly diagnostics: readonly Diagnostic[];
  readonly failLevel: Severity;
  readonly violations: readonly GateViolation[];
  readonly allowed: readonly AllowedFinding[];
}

/** Judges documents by the flags and by the policy that is closest to each. Reads each policy once. */
export class Judge {
  readonly #flags: JudgingFlags;
  /** As `YYYY-MM-DD`. */
  readonly #today = new Date().toISOString().slice(0, 'YYYY-MM-DD'.length);
  readonly #policies = new Map<string, Promise<ReadPolicy>>();

  constructor(flags: JudgingFlags) {
    this.#flags = flags;
  }

  /** @throws UsageError if a policy cannot be read or is not valid. */
  async judge(checked: CheckedDocument): Promise<Judgement> {
    const found = this.#flags.config ?? findPolicy(checked.path);
    if (found === undefined) return this.#withoutPolicy(checked);
    const { file, policy } = await this.#read(found);
    const { allowanceFor, atLevels, hasExpired, rulesFor } = await import(
      '@vastai-cli/permissions/report/policy'
    );
    const path = pathFrom(file, checked);
    const rules = rulesFor(policy, path);
    const allowances = (policy.allow ?? []).filter((one) => !hasExpired(one, this.#today));
    const allowed: AllowedFinding[] = [];
    const isLeft = (one: Diagnostic | GateViolation): boolean => {
      const allowance = allowanceFor(one, path, allowances);
      if (allowance === undefined) return true;
      const { finding, reason, expires } = allowance;
      allowed.push({
        finding,
        file: checked.name,
        ...('path' in one ? { path: one.path } : {}),
        reason,
        ...(expires === undefined ? {} : { expires }),
        policy: file,
      });
      return false;
    };
    return {
      diagnostics: atLevels(checked.diagnostics, rules.levels).filter(isLeft),
      failLevel: this.#flags.failLevel ?? rules.failLevel ?? 'error',
      violations: (await this.#violations(checked, rules)).filter(isLeft),
      allowed,
    };
  }

  /** Returns the allowances that expired, of every policy that was used. */
  async expired(): Promise<ExpiredAllowance[]> {
    const read = await Promise.all(this.#policies.values());
    return read.flatMap(({ file, policy: { allow = [] }, allowLines }) =>
      allow.flatMap(({ finding, expires }, index) =>
        expires !== undefined && expires < this.#today
          ? [{ policy: file, line: allowLines[index] ?? 1, finding, expires }]
          : [],
      ),
    );
  }

  async #withoutPolicy(checked: CheckedDocument): Promise<Judgement> {
    return {
      diagnostics: checked.diagnostics,
      failLevel: this.#flags.failLevel ?? 'error',
      violations: await this.#violations(checked, {}),
      allowed: [],
    };
  }

  async #violations({ name, document }: CheckedDocument, rules: Rules): Promise<readonly GateViolation[]> {
    const gates = [...(rules.failOn ?? []), ...(this.#flags.failOn ?? [])];
    if (gates.length === 0) return [];
    const { failedGates } = await import('@vastai-cli/permissions/report/gates');
    return failedGates(name, document, [...new Set(gates)]);
  }

  #read(path: string): Promise<ReadPolicy> {
    const read =
      this.#policies.get(path) ?? import('./read-policy.js').then(({ readPolicy }) => readPolicy(path));
    this.#policies.set(path, read);
    return read;
  }
}

/** Returns the path that the globs of a policy are compared with: from the folder of the policy, with `/`. */
function pathFrom(policy: string, { path, name }: CheckedDocument): string {
  if (path === undefined) return name;
  return relative(resolve(policy, '..'), resolve(path)).split(sep).join('/');
}
