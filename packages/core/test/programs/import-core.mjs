// Imports the package like any program, and prints as JSON what that loaded and changed.
import { createRequire } from 'node:module';

const listeners = () => process.eventNames().map((name) => [String(name), process.listenerCount(name)]);
const environment = JSON.stringify(process.env);
const listenersBefore = JSON.stringify(listeners());
const globals = new Set(Object.getOwnPropertyNames(globalThis));

const core = await import('@vastai-cli/core');

const seen = {
  exported: Object.keys(core),
  globals: Object.getOwnPropertyNames(globalThis).filter((name) => !globals.has(name)),
  isEnvironmentChanged: JSON.stringify(process.env) !== environment,
  isListenerAdded: JSON.stringify(listeners()) !== listenersBefore,
  // cross-fetch, its dependencies and keytar are CommonJS.
  commonJs: Object.keys(createRequire(import.meta.url).cache),
  builtIn: process.moduleLoadList.filter((name) =>
    /^NativeModule (?:child_process|zlib|readline)$/.test(name),
  ),
  pending: process.getActiveResourcesInfo().filter((name) => /Timeout|TCP|Process/.test(name)),
};
console.log(JSON.stringify(seen));
