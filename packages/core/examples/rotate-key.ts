// Replaces the key by a new one and saves that. The old key stops working at once.
import { acquireKey, chooseStore, createClient, openContext, resetApiKey, saveKey } from '@vastai-cli/core';

const context = await openContext();
const { key: old, source } = await acquireKey(context);
// Make sure that the new key can be saved before the old one is gone.
const { store } = await chooseStore(context);

const { value } = await resetApiKey(createClient(context, { key: old, source }));
const saved = await saveKey(context, store, value.key, { replaces: old });
console.log(`Saved ${value.key} in ${saved.location}`);
