import type { Candidate, Completed } from './completed.js';
import type { Program } from './program.js';
import type { Values } from './values.js';

/** Returns the completion script for PowerShell 5.1 and newer. It begins with a line break, so that it can be appended to a profile. */
export function powershellCompletion({ next, commands }: Completed, { node, script }: Program): string {
  const flags = commands.flatMap((command) => command.flags);
  const spellings = flags.flatMap(({ word, char, values }): [string, Values | undefined][] => [
    [plain(word), values],
    ...(char === undefined ? [] : [[`-${char}`, values] as [string, Values | undefined]]),
  ]);
  const takesValue = new Map(spellings.filter(([, values]) => values !== undefined));
  const perCommand = commands.flatMap(({ name, flags: own }) =>
    own
      .filter(
        ({ word, values }) => values !== undefined && text(values) !== text(takesValue.get(plain(word))),
      )
      .map(({ word, values }): [string, Values | undefined] => [`${name} ${plain(word)}`, values]),
  );
  return `
# Completions of vastai for PowerShell. In $PROFILE: vastai autocomplete script powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName vastai -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $next = ${table([...next].map(([before, candidates]) => [before, list(candidates)]))}
    $flags = ${table(commands.map((command) => [command.name, list(command.flags)]))}
    $values = ${table([...takesValue, ...perCommand].map(([name, values]) => [name, quoted(text(values))]))}
    $arguments = ${table(commands.map(({ name, args }) => [name, `@(${args.map((values) => quoted(text(values))).join(', ')})`]))}

    $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.Extent.Text })
    $named = ''
    $flag = ''
    $count = 0
    $ended = $false
    for ($at = 0; $at -lt $words.Count; $at++) {
        $word = $words[$at]
        $plain = $word.Replace('_', '-')
        if (-not $ended -and $word -eq '--') { $ended = $true; continue }
        if (-not $ended -and $word -match '^-.') {
            if ($plain.Contains('=') -or -not $values.ContainsKey($plain)) { continue }
            if ($at + 1 -eq $words.Count) { $flag = $plain } else { $at++ }
            continue
        }
        $known = @(@($next[$named]) | Where-Object { $null -ne $_ } | ForEach-Object { $_[0] })
        if ($count -eq 0 -and $known -ccontains $plain) { $named = "$named $plain".Trim() } else { $count++ }
    }

    $prefix = ''
    $typed = $wordToComplete
    if ($flag -eq '' -and $typed -match '^--[^=]+=') {
        $prefix = $typed.Substring(0, $typed.IndexOf('=') + 1)
        $flag = $prefix.TrimEnd('=').Replace('_', '-')
        $typed = $typed.Substring($prefix.Length)
    }
    $entries = @()
    $kind = ''
    if ($flag -ne '') {
        $kind = $values["$named $flag"]
        if ($null -eq $kind) { $kind = $values[$flag] }
    } elseif ($typed.StartsWith('-')) {
        $entries = @($flags[$named])
    } else {
        if ($count -eq 0) { $entries = @($next[$named]) }
        $own = @($arguments[$named])
        if ($own.Count -gt 0) { $kind = $own[[Math]::Min($count, $own.Count - 1)] }
    }
    if ($kind -eq 'profiles') {
        $names = if (Get-Command vastai -ErrorAction SilentlyContinue) { vastai autocomplete profiles 2>$null }
        else { & ${quoted(node)} ${quoted(script)} autocomplete profiles 2>$null }
        $entries += @($names | ForEach-Object { , @($_, $_) })
    } elseif ("$kind".StartsWith('words ')) {
        $entries += @($kind.Substring(6).Split(' ') | ForEach-Object { , @($_, $_) })
    } elseif ($kind -eq 'files') {
        return [System.Management.Automation.CompletionCompleters]::CompleteFilename($typed)
    }
    $entries | Where-Object { $null -ne $_ -and $_[0].StartsWith($typed) } | ForEach-Object {
        $tip = if ($_[1]) { $_[1] } else { $_[0] }
        [System.Management.Automation.CompletionResult]::new($prefix + $_[0], $_[0], 'ParameterValue', $tip)
    }
}
`;
}

function plain(word: string): string {
  return word.replaceAll('_', '-');
}

function text(values: Values = 'free'): string {
  return typeof values === 'string' ? values : `words ${values.join(' ')}`;
}

function table(rows: readonly (readonly [string, string])[]): string {
  return `@{\n${rows.map(([key, value]) => `        ${quoted(key)} = ${value}`).join('\n')}\n    }`;
}

function list(candidates: readonly Candidate[]): string {
  // The comma keeps PowerShell from unwrapping a list of one pair.
  return `@(${candidates.map(({ word, summary }) => `, @(${quoted(word)}, ${quoted(summary)})`).join('; ')})`;
}

/** Quotes a string. PowerShell treats typographic quotation marks like plain ones. */
function quoted(word: string): string {
  return `'${word.replace(/['\u2018\u2019\u201a\u201b]/gu, '$&$&')}'`;
}
