import { isObject } from '@vastai-cli/permissions/json/json-object';
import type { Fault } from './faults.js';

/** Body of the control route: `{"route": "GET /…", "fault": {"kind": …}, "times": 2 | "always"}`. */
export interface FaultInput {
  readonly route: string;
  readonly fault: Fault;
  readonly times: number;
}

type Check = (value: unknown) => boolean;
type Fields = Readonly<Record<string, Check>>;

/** Limits waits to what a timer takes, and bytes to far more than enough. */
const LARGEST_NUMBER = 2 ** 31 - 1;

const isBoolean: Check = (value) => typeof value === 'boolean';
const isString: Check = (value) => typeof value === 'string';
const isWhole: Check = (value) =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= LARGEST_NUMBER;
const isResponseStatus: Check = (value) =>
  isWhole(value) && (value as number) >= 200 && (value as number) <= 599;
const isRedirectStatus: Check = (value) => [301, 302, 303, 307, 308].includes(value as number);
const isHeaders: Check = (value) => isObject(value) && Object.values(value).every(isString);

/** Lists the required fields of each kind, then the optional ones. */
const fieldsOfKind: Readonly<Record<Fault['kind'], readonly [required: Fields, optional: Fields]>> = {
  latency: [{ ms: isWhole }, { acts: isBoolean }],
  drop: [{}, { acts: isBoolean }],
  answer: [{ status: isResponseStatus }, { body: () => true, headers: isHeaders, acts: isBoolean }],
  junk: [{}, { acts: isBoolean }],
  truncate: [{}, {}],
  stall: [{}, {}],
  oversize: [{}, { bytes: isWhole }],
  redirect: [{ to: isString }, { status: isRedirectStatus }],
};

/** Checks a body and returns what it sets. @throws Error that names the part that is wrong */
export function parseFaultInput(input: unknown): FaultInput {
  if (!isObject(input)) throw new Error('Send a JSON object with "route" and "fault".');
  const { route, fault, times = 1 } = input;
  if (typeof route !== 'string') throw new Error('"route" must be a string such as "GET /api/v0/users/*".');
  if (times !== 'always' && typeof times !== 'number')
    throw new Error('"times" must be a number or "always".');
  return { route, fault: parseFault(fault), times: times === 'always' ? Number.POSITIVE_INFINITY : times };
}

function parseFault(fault: unknown): Fault {
  if (!isObject(fault) || typeof fault.kind !== 'string' || !Object.hasOwn(fieldsOfKind, fault.kind)) {
    throw new Error(`"fault" needs a "kind": ${Object.keys(fieldsOfKind).join(', ')}.`);
  }
  const { kind, ...given } = fault;
  const [required, optional] = fieldsOfKind[kind as Fault['kind']];
  const missing = Object.keys(required).find((name) => !Object.hasOwn(given, name));
  if (missing !== undefined) throw new Error(`This fault needs "${missing}".`);
  const checks = new Map(Object.entries({ ...required, ...optional }));
  const wrong = Object.keys(given).find((name) => !checks.get(name)?.(given[name]));
  if (wrong !== undefined) throw new Error(`"${wrong}" is not valid for this fault.`);
  return fault as unknown as Fault;
}
