// Replaces the key with a new one, and saves it. The old key stops working immediately.
import { acquireKey, chooseStore, createClient, openContext, resetApiKey, saveKey } from '@vastai-cli/core';

const context = await openContext();
const { key: old, source } = await acquireKey(context);
// Check that the new key can be saved before the old one stops working.
const { store } = await chooseStore(context);

const { value } = await resetApiKey(createClient(context, { key: old, source }));
const saved = await saveKey(context, store, value.key, { replaces: old });
console.log(`Saved ${value.key} in ${saved.location}`);
