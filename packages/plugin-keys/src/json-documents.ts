import type { ApiKeyRecord, CreatedApiKey } from '@vastai-cli/core/internal/api/api-keys';
import type { KeyStore } from '@vastai-cli/core/internal/secrets/store';
import type { FailureDocument } from '@vastai-cli/kit/render/failure';
import type { Diagnostic } from '@vastai-cli/permissions/validation/diagnostics';
import type { KeptKey } from './commands/prune/prune-plan.js';
import type { ListedKey } from './keys/listed-key.js';

/** Maps each command to its `--json` document. The schemas in packages/cli/contract are generated from it. */
export interface Documents {
  'create api-key': CreatedKey;
  'delete api-key': DeletedKeys;
  'prune api-keys': PrunedKeys;
  'reset api-key': ResetKey;
  'revoke api-key': DeletedKeys;
  'rotate api-key': RotatedKey | RotationPlan | readonly ApiKeyRecord[];
  'show api-key': ApiKeyRecord;
  'show api-keys': readonly ListedKey[];
}

/** Maps each command to the data next to `error` in the document of a failure. */
export interface Failures {
  'create api-key': {
    /** The errors of the permission file. */
    readonly diagnostics?: readonly Diagnostic[];
    /** The id of a key that may do more than requested. */
    readonly id?: number;
    /** The access of that key beyond the request. */
    readonly new_access?: readonly string[];
    /** True if that key was deleted. */
    readonly deleted?: boolean;
  };
  'delete api-key': Partial<DeletedKeys>;
  'prune api-keys': Partial<PrunedKeys>;
  'reset api-key': Partial<ResetKey>;
  'revoke api-key': Partial<DeletedKeys> & {
    /** The keys of the account, if the ID of the key could not be found. */
    readonly keys?: readonly ApiKeyRecord[];
  };
}

interface CreatedKey extends Pick<CreatedApiKey, 'id' | 'name'> {
  /** The new key, which is shown only this once. */
  readonly key: string;
  /** The permission document, or null for full access. */
  readonly permissions: Readonly<Record<string, unknown>> | null;
  /** With `--expires`: the date that was noted on this machine, in seconds since 1970. */
  readonly expires?: number;
}

interface DeletedKeys {
  readonly deleted: readonly number[];
  /** The ids that no key has. */
  readonly absent: readonly number[];
  readonly failed: readonly { readonly id: number; readonly error: FailureDocument['error'] }[];
  /** The ids that an interruption left untried. */
  readonly not_tried?: readonly number[];
}

interface RotatedKey {
  /** The key that was replaced. Null if nothing was to be continued. */
  readonly old: { readonly id: number; readonly name: string | null } | null;
  /** The new key, with its last four characters. */
  readonly new: { readonly id: number; readonly name: string; readonly suffix: string } | null;
  /** Null if the new key is not saved. */
  readonly storage: KeyStore['kind'] | null;
  readonly location: string | null;
  /** True if the old key is deleted. */
  readonly deleted: boolean;
  /** The time until which the old key is kept, in seconds since 1970. Nothing deletes it by itself. */
  readonly finish_after?: number;
  /** The new key, if it is not saved. */
  readonly key?: string;
}

interface RotationPlan {
  readonly dry_run: true;
  readonly old: { readonly id: number; readonly name: string | null };
  readonly new: { readonly name: string };
  readonly storage: KeyStore['kind'] | null;
  readonly location: string | null;
  /** Lists the steps that would run, in order. */
  readonly steps: readonly string[];
}

interface PrunedKeys extends DeletedKeys {
  /** The keys that were chosen, but are needed here or cannot be deleted. */
  readonly kept: readonly KeptKey[];
  /** With `--dry-run`: the ids of the keys to delete. */
  readonly would_delete?: readonly number[];
}

interface ResetKey {
  /** Null if the new key is not saved. */
  readonly storage: KeyStore['kind'] | null;
  readonly location: string | null;
  /** The last four characters of the new key. */
  readonly suffix: string;
  /** The new key, if it is not saved. */
  readonly key?: string;
}
