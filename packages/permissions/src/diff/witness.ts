import { findOperation } from '../catalogue/catalogue.js';
import type { Operation } from '../catalogue/operation.js';
import { mayExceedConditions, type ParameterCondition } from '../decision/access.js';
import type { Condition, Scalar } from '../document/condition.js';
import { type Judgement, judge } from '../document/judge.js';
import type { Granted } from './extent.js';

/** Describes a request that is newly allowed, or may be. */
export interface WitnessRequest {
  readonly method: string;
  /** The path, with its parameters filled in. */
  readonly path: string;
  /** The parameters that the body must have. Absent if any body will do. */
  readonly parameters?: Readonly<Record<string, Scalar>>;
}

/** The value of a parameter in a path if nothing limits it. */
const ANY_ID = 1;

/** The conditions up to which a request is worth showing. */
const MOST_LIMITS = 50;

/**
 * Searches for a request to an operation that the new document allows, or may allow, and the old one denies, or may
 * deny: with values around the constraints of both. Returns undefined if it finds none.
 */
export function witnessOf(operation: Operation, before: Granted, after: Granted): WitnessRequest | undefined {
  const [was, is] = [limitsOf(before), limitsOf(after)];
  if (was.size > MOST_LIMITS || is.size > MOST_LIMITS) return undefined;
  const values = new Map<string, Scalar>();
  for (const parameter of new Set([...is.keys(), ...operation.parameters])) {
    const value = usable(operation, parameter, was, is).find((one) => judged(is, parameter, one) === 'holds');
    const other =
      value ?? usable(operation, parameter, was, is).find((one) => judged(is, parameter, one) !== 'fails');
    if (other === undefined) return undefined;
    values.set(parameter, other);
  }
  for (const wanted of ['fails', 'unknown']) {
    for (const parameter of was.keys()) {
      const refused = usable(operation, parameter, was, is).find(
        (one) =>
          judged(is, parameter, one) === (wanted === 'fails' ? 'holds' : 'unknown') &&
          judged(was, parameter, one) === wanted,
      );
      const request =
        refused === undefined
          ? undefined
          : requestWith(operation, new Map([...values, [parameter, refused]]));
      if (request !== undefined) return request;
    }
  }
  return before.access.grant === 'allow' ? undefined : requestWith(operation, values);
}

type Limits = ReadonlyMap<string, ParameterCondition>;

/** Returns the conditions that surely must hold, by parameter. */
function limitsOf({ extent, access }: Granted): Limits {
  if (extent.kind !== 'granted' || mayExceedConditions(access)) return new Map();
  return new Map(extent.conditions.map((one) => [one.parameter, one]));
}

function judged(limits: Limits, parameter: string, value: Scalar): Judgement {
  const limit = limits.get(parameter);
  if (limit === undefined) return 'holds';
  return limit.condition === undefined ? 'unknown' : judge(value, limit.condition);
}

/** Lists values in and around the conditions on a parameter that a request can hold, ordinary ones first. */
function usable(operation: Operation, parameter: string, ...limits: readonly Limits[]): Scalar[] {
  const around: Scalar[] = [];
  for (const limit of limits) {
    const { eq, gte, lte }: Condition = limit.get(parameter)?.condition ?? {};
    for (const one of [eq, gte, lte]) {
      if (typeof one === 'number') around.push(one, one + 1, one - 1, one * 2);
      else if (one !== undefined) around.push(one, `${one}x`);
    }
  }
  const usual = around.filter((one) => typeof one !== 'number' || one > 0);
  const values = [...usual, ANY_ID, ...around, 0, -1, 'x'];
  return operation.parameters.includes(parameter) ? values.map(String).filter(fitsSegment) : values;
}

/** Returns true for a value that one segment of a path can hold. */
function fitsSegment(value: string): boolean {
  return !/\p{Surrogate}/u.test(value) && !/^(?:|\.|\.\.|\{.*\})$/su.test(value);
}

/** Returns the request with these values, or undefined if its path would be that of another operation. */
function requestWith(operation: Operation, values: ReadonlyMap<string, Scalar>): WitnessRequest | undefined {
  const { method, route, parameters } = operation;
  const path = route.replace(/\{([^{}]+)\}/gu, (_, name: string) =>
    encodeURIComponent(String(values.get(name))),
  );
  if (findOperation(method, path)?.operation.operation !== operation.operation) return undefined;
  const body = [...values].filter(([name]) => !parameters.includes(name));
  return { method, path, ...(body.length === 0 ? {} : { parameters: Object.fromEntries(body) }) };
}
