import type { Arbitrary } from 'fast-check';

export interface ValidDocument {
  readonly api: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export declare const validDocument: Arbitrary<ValidDocument>;
export declare const anyDocument: Arbitrary<unknown>;
export declare const anyFile: Arbitrary<Uint8Array | string>;
export declare function narrowings(document: ValidDocument): ValidDocument[];
