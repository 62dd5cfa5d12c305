/** What is left on a screen in the end: a carriage return goes back, and what follows is written over the line. */
export function leftOnScreen(sent: string): string[] {
  return sent
    .split('\r\n')
    .map((line) =>
      line
        .split('\r')
        .reduce((shown, part) => part + shown.slice(part.length), '')
        .trimEnd(),
    )
    .filter((line) => line !== '');
}
