// Finding the key

export { type AcquiredKey, acquireKey } from './context/acquire-key.js';
export { type ContextRequest, openContext } from './context/open.js';
export type { FoundKey } from './credentials/chain.js';
export type { Context } from './credentials/context.js';
export type { Source, SourceName } from './credentials/source.js';
export { type CredentialStatus, inspectSources, type SourceStatus } from './credentials/status.js';

// Asking the API

export { createClient, type KeyToSend } from './context/create-client.js';
export { type ApiRequest, Client, type ClientOptions } from './http/client.js';
export type { ClientObserver, ObservedRequest, ObservedResponse } from './http/observer.js';
export { path } from './http/path.js';

// Resources

export type { ApiKeyList, ApiKeyRecord, CreatedApiKey, NewApiKey } from './api/api-keys.js';
export { createApiKey, deleteApiKey, listApiKeys, resetApiKey, showApiKey } from './api/api-keys.js';
export type { ApiResponse } from './api/read-response.js';
export { currentUser, type User } from './api/users.js';

// Saving a key

export { type ChosenStore, chooseStore, type StorageChoice } from './credentials/choose-store.js';
export { type KeyPlace, removeKeys } from './credentials/remove.js';
export { type ReplacedKey, type SavedKey, type SaveKeyOptions, saveKey } from './credentials/save.js';
export type { Stores } from './credentials/stored-sources.js';
export type { Lookup, Problem } from './secrets/lookup.js';
export type { KeyStore } from './secrets/store.js';

// Errors

export type { Advice, Guidance } from './base/advice.js';
export type { ApiError, StorageError, TransportError, UsageError } from './base/errors.js';
export {
  type ErrorCode,
  type ErrorDetails,
  isVastaiError,
  type RequestLine,
  VastaiError,
} from './base/errors.js';
export type { InterruptedError } from './base/interrupted.js';

// Keys, variables and origins

export { ApiKey, type KeyFault } from './base/api-key.js';
export { type Environment, readEnvironment, type VariableName } from './base/environment.js';
export { DEFAULT_URL, isLoopback, maySend, parseApiUrl } from './base/origin.js';
