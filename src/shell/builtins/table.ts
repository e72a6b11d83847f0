/** Commands that the shell does itself. bash(1) "SHELL BUILTIN COMMANDS" */
import { alias, unalias } from './alias.ts'
import {
  breakLoop,
  continueLoop,
  evalText,
  execProgram,
  exit,
  nothing,
  refuse,
  returnFrom,
  shift,
  source,
} from './control.ts'
import { declare, exportNames, letNumbers, local, readonly, unset } from './declare.ts'
import { changeDirectory, directories, popDirectory, printDirectory, pushDirectory } from './directory.ts'
import { getopts } from './getopts.ts'
import { history } from './history.ts'
import { background, disown, foreground, jobs, killProcesses, wait } from './jobs.ts'
import { command, hash, type } from './lookup.ts'
import { echo, printf } from './output.ts'
import { mapFile, read } from './read.ts'
import { setOptions, shellOptions, trap, ulimit, umask } from './settings.ts'
import { test } from './test.ts'
import type { Builtin } from './types.ts'

export const specialBuiltins: ReadonlySet<string> = new Set([
  ':',
  'break',
  'continue',
  'eval',
  'exec',
  'exit',
  'export',
  'readonly',
  'return',
  'set',
  'shift',
  'trap',
  'unset',
])

export const builtins: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  [':', nothing],
  ['.', source],
  ['[', test],
  ['alias', alias],
  ['bg', background],
  ['break', breakLoop],
  ['builtin', command],
  ['cd', changeDirectory],
  ['command', command],
  ['continue', continueLoop],
  ['declare', declare],
  ['dirs', directories],
  ['disown', disown],
  ['echo', echo],
  ['eval', evalText],
  ['exec', execProgram],
  ['exit', exit],
  ['export', exportNames],
  ['false', refuse],
  ['fg', foreground],
  ['getopts', getopts],
  ['hash', hash],
  ['history', history],
  ['jobs', jobs],
  ['kill', killProcesses],
  ['let', letNumbers],
  ['local', local],
  ['logout', exit],
  ['mapfile', mapFile],
  ['popd', popDirectory],
  ['printf', printf],
  ['pushd', pushDirectory],
  ['pwd', printDirectory],
  ['read', read],
  ['readarray', mapFile],
  ['readonly', readonly],
  ['return', returnFrom],
  ['set', setOptions],
  ['shift', shift],
  ['shopt', shellOptions],
  ['source', source],
  ['test', test],
  ['trap', trap],
  ['tutor', (shell, words) => shell.system.runTutor(shell.process, words)],
  ['true', nothing],
  ['type', type],
  ['typeset', declare],
  ['ulimit', ulimit],
  ['umask', umask],
  ['unalias', unalias],
  ['unset', unset],
  ['wait', wait],
])
