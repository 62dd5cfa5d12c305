import type { Context } from '@vastai-cli/core/internal/credentials/context';
import type { Client } from '@vastai-cli/core/internal/http/client';
import type { Output } from '@vastai-cli/kit/render/output';

/** Holds what a key is made and reported with. */
export interface MakingContext {
  readonly context: Context;
  readonly client: Client;
  /** One that the first signal does not stop, to take the key back with. */
  readonly patientClient: Client;
  readonly output: Output;
  readonly interruption: AbortSignal;
  /** Whether a key is kept that may do more than was asked for. */
  readonly keep: boolean;
}
