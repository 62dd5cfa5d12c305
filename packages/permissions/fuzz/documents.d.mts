import type { Arbitrary } from 'fast-check';

export interface SoundDocument {
  readonly api: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export declare const soundDocument: Arbitrary<SoundDocument>;
export declare const anyDocument: Arbitrary<unknown>;
export declare const anyFile: Arbitrary<Uint8Array | string>;
export declare function narrowings(document: SoundDocument): SoundDocument[];
