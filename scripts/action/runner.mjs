// How the steps of action.yml talk to the runner. File names and contents are hostile: nothing of them may become a
// workflow command.
import { randomUUID } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';

/** Sets an output of the step. The delimiter is random, so that no value can end early and set another output. */
export function setOutput(name, value) {
  const end = randomUUID();
  if (process.env.GITHUB_OUTPUT)
    appendFileSync(process.env.GITHUB_OUTPUT, `${name}<<${end}\n${value}\n${end}\n`);
}

/** Adds Markdown to the summary of the job. */
export function addSummary(markdown) {
  if (process.env.GITHUB_STEP_SUMMARY) appendFileSync(process.env.GITHUB_STEP_SUMMARY, markdown);
}

/** Prints text to the log in which the runner looks for no commands. */
export function log(text) {
  if (text === '') return;
  const token = randomUUID();
  console.log(`::stop-commands::${token}\n${text.replace(/\n$/u, '')}\n::${token}::`);
}

/** Prints a message as an annotation of the run. */
export function annotate(level, message) {
  const escaped = message.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  console.log(`::${level}::${escaped}`);
}

/** Reads the event that started the workflow; an empty object outside GitHub. */
export function readEvent() {
  const file = process.env.GITHUB_EVENT_PATH;
  return file ? JSON.parse(readFileSync(file, 'utf8')) : {};
}
