/** The states of mutants that only the report names. */
const UNNOTICED = ['Survived', 'NoCoverage'];

/** Lists the mutants that no test noticed, and counts all; a mutant that ends in no time at all counts as noticed. */
export function reportText({ files }) {
  const mutants = Object.entries(files).flatMap(([file, { source, mutants: ofFile }]) =>
    ofFile.map((mutant) => ({ ...mutant, file, code: codeAt(source, mutant.location) })),
  );
  const counted = (...states) => mutants.filter(({ status }) => states.includes(status)).length;
  const noticed = counted('Killed', 'Timeout');
  const tried = noticed + counted(...UNNOTICED);
  const lines = mutants
    .filter(({ status }) => UNNOTICED.includes(status))
    .sort(
      (one, other) =>
        one.file.localeCompare(other.file) || one.location.start.line - other.location.start.line,
    )
    .map(
      ({ file, location: { start }, status, mutatorName, code, replacement }) =>
        `${file}:${start.line}:${start.column} ${status} ${mutatorName}: ${code} → ${oneLine(replacement ?? '')}\n`,
    );
  return `${lines.join('')}${noticed} of ${tried} noticed (${((100 * noticed) / tried).toFixed(1)} %): ${counted('Killed')} killed, ${counted('Timeout')} timed out, ${counted('Survived')} survived, ${counted('NoCoverage')} run by no test, ${counted('RuntimeError', 'CompileError')} errors\n`;
}

function codeAt(source, { start, end }) {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  lines.push(lines.pop().slice(0, end.column - 1));
  lines[0] = lines[0].slice(start.column - 1);
  return oneLine(lines.join('\n'));
}

const oneLine = (code) => code.replaceAll(/\s+/gu, ' ');
