import type { Shell } from './completion-script.js';

/** The file that a shell reads when it starts, and the line that belongs there. */
const SET_UP = {
  bash: { file: '~/.bashrc', line: 'eval "$(vastai autocomplete script bash)"' },
  zsh: { file: '~/.zshrc', line: 'eval "$(vastai autocomplete script zsh)"' },
} as const;

const POWERSHELL = 'vastai autocomplete script powershell | Out-String | Invoke-Expression';

/** Returns what to do to have completion in a shell. */
export function howToSwitchOn(shell: Exclude<Shell, 'fish'>): string {
  if (shell === 'powershell') {
    return `For completion in PowerShell, add to your profile:

  New-Item -ItemType Directory -Path (Split-Path -Parent $PROFILE) -ErrorAction SilentlyContinue
  Add-Content -Path $PROFILE -Value "\`n${POWERSHELL}"

For this session alone:

  ${POWERSHELL}`;
  }
  const { file, line } = SET_UP[shell];
  // The line before may have no end.
  return `For completion in ${shell}, add a line to ${file}:

  printf '\\n%s\\n' '${line}' >> ${file}

For this session alone:

  ${line}`;
}
