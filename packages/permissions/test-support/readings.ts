/** Answers a question about something that is not documented. A reading gives the same answer each time. */
export type Ask = <T>(question: string, answers: readonly T[]) => T;

interface Step {
  readonly question: string;
  readonly count: number;
  answer: number;
}

/**
 * Runs a function once under every reading of what is not documented, that is, with every combination of answers to the
 * questions that it asks, and yields what it returns.
 *
 * @param limit the most readings; beyond them the rest is left out
 */
export function* eachReading<T>(run: (ask: Ask) => T, limit = 20_000): Generator<T> {
  const trail: Step[] = [];
  for (let runs = 0; runs < limit; runs += 1) {
    let used = 0;
    const answered = new Map<string, unknown>();
    const ask: Ask = (question, answers) => {
      if (answered.has(question)) return answered.get(question) as (typeof answers)[number];
      const step = trail[used] ?? { question, count: answers.length, answer: 0 };
      trail[used] = step;
      used += 1;
      const answer = answers[step.answer] as (typeof answers)[number];
      answered.set(question, answer);
      return answer;
    };
    yield run(ask);
    // Moves the last answer that is not its question's last one on, and forgets what followed from it.
    trail.length = used;
    while (trail.length > 0) {
      const last = trail.at(-1) as Step;
      last.answer += 1;
      if (last.answer < last.count) break;
      trail.pop();
    }
    if (trail.length === 0) return;
  }
}
