import type { ApiKeyRecord, CreatedApiKey } from '@vastai-cli/core/internal/api/api-keys';
import type { KeyStore } from '@vastai-cli/core/internal/secrets/store';
import type { FailureDocument } from '@vastai-cli/kit/render/failure';
import type { Diagnostic } from '@vastai-cli/permissions/validation/diagnostics';

/** Names what each command prints with `--json`. The schemas in packages/cli/contract are made of it. */
export interface Documents {
  'create api-key': CreatedKey;
  'delete api-key': DeletedKeys;
  'reset api-key': ResetKey;
  'show api-key': ApiKeyRecord;
  'show api-keys': readonly ApiKeyRecord[];
}

/** Names what stands beside `error` when a command failed and there is more to tell. */
export interface Failures {
  'create api-key': {
    /** The errors of the permission file. */
    readonly diagnostics?: readonly Diagnostic[];
    /** The id of a key that the API made wider than it was asked for. */
    readonly id?: number;
    /** What that key may do beyond what was asked for. */
    readonly new_access?: readonly string[];
    /** Tells whether that key was deleted again. */
    readonly deleted?: boolean;
  };
  'delete api-key': Partial<DeletedKeys>;
  'reset api-key': Partial<ResetKey>;
}

interface CreatedKey extends Pick<CreatedApiKey, 'id' | 'name'> {
  /** Shown this once. */
  readonly key: string;
  /** The permission document; null for full access. */
  readonly permissions: Readonly<Record<string, unknown>> | null;
}

interface DeletedKeys {
  readonly deleted: readonly number[];
  /** The ids that no key has. */
  readonly absent: readonly number[];
  readonly failed: readonly { readonly id: number; readonly error: FailureDocument['error'] }[];
  /** The ids that an interruption left untried. */
  readonly not_tried?: readonly number[];
}

interface ResetKey {
  /** Null where the new key is not saved. */
  readonly storage: KeyStore['kind'] | null;
  readonly location: string | null;
  /** The last four characters of the new key. */
  readonly suffix: string;
  /** The new key, where it is not saved. */
  readonly key?: string;
}
