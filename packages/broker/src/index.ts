export type { RecordedCall } from '@vastai-cli/permissions/authoring/recording';
export type { BrokerOptions } from './broker-options.js';
export type { Policy, Refusal, Rule } from './policy/policy.js';
export { openRecording, type Recording } from './record/recording-file.js';
export { type Broker, startBroker } from './start-broker.js';
