// Shows every place that a key can come from, and which key would be sent. Changes nothing.
import { inspectSources, openContext, readEnvironment, type SourceStatus } from '@vastai-cli/core';

const environment = readEnvironment({ ...process.env, VAST_API_KEY: undefined });
const context = await openContext({ environment, profile: 'default' });
const { sources, winner } = await inspectSources(context);

const describe = ({ active, location, state, suffix }: SourceStatus) =>
  `${active ? '*' : ' '} ${location}: ${state}${suffix === undefined ? '' : ` …${suffix}`}`;
console.log(sources.map(describe).join('\n'));
console.log(winner === undefined ? 'No key would be sent.' : `${winner.key} would be sent to ${context.url}`);
