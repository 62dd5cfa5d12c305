import type { Shell } from './completion-script.js';

/** The start-up file of each shell, and the line to add to it. */
const SET_UP = {
  bash: { file: '~/.bashrc', line: 'eval "$(vastai autocomplete script bash)"' },
  zsh: { file: '~/.zshrc', line: 'eval "$(vastai autocomplete script zsh)"' },
} as const;

const POWERSHELL = 'vastai autocomplete script powershell | Out-String | Invoke-Expression';

/** Returns the steps that turn on completion in a shell. */
export function howToTurnOn(shell: Exclude<Shell, 'fish'>): string {
  if (shell === 'powershell') {
    return `To turn on completion in PowerShell, add it to your profile:

  New-Item -ItemType Directory -Path (Split-Path -Parent $PROFILE) -ErrorAction SilentlyContinue
  Add-Content -Path $PROFILE -Value "\`n${POWERSHELL}"

For this session only:

  ${POWERSHELL}`;
  }
  const { file, line } = SET_UP[shell];
  // The last line of the file may not end with a line break.
  return `To turn on completion in ${shell}, add a line to ${file}:

  printf '\\n%s\\n' '${line}' >> ${file}

For this session only:

  ${line}`;
}
