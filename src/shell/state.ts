/** What one shell remembers between lines: plain data, so that it can be copied and saved at a prompt. bash(1) */

export type Dialect = 'bash' | 'ash' | 'dash'

export interface Variable {
  value: string | Map<number, string> | Map<string, string>
  kind: 'text' | 'array' | 'map'
  exported: boolean
  readonly: boolean
  integer: boolean
}

export interface Job {
  readonly number: number
  readonly pids: readonly number[]
  readonly group: number
  readonly text: string
  state: 'running' | 'stopped' | 'done'
  status: number
}

export interface ShellState {
  dialect: Dialect
  interactive: boolean
  /** `$0`. */
  name: string
  positional: string[]
  variables: Map<string, Variable>
  /** Source of each function's body. */
  functions: Map<string, string>
  aliases: Map<string, string>
  /** Letters of `set` (`e`, `x`, `u` …) and names of `set -o` without a letter (`pipefail`). */
  options: Set<string>
  traps: Map<string, string>
  status: number
  lastBackground: number | null
  jobs: Job[]
  history: string[]
  directories: string[]
  umask: number
  /** While a nested shell is open: what follows in the line that opened it, and the process waited for. */
  pending: { text: string; waitsFor: number } | null
  /** Seed of `$RANDOM`. */
  random: number
}

export function createShellState(
  dialect: Dialect,
  options: {
    name?: string
    interactive?: boolean
    positional?: readonly string[]
    env?: ReadonlyMap<string, string>
  } = {},
): ShellState {
  const variables = new Map<string, Variable>()
  for (const [name, value] of options.env ?? [])
    variables.set(name, { ...textVariable(value), exported: true })
  const set = (name: string, value: string): void => {
    if (!variables.has(name)) variables.set(name, textVariable(value))
  }
  variables.set('IFS', textVariable(' \t\n'))
  set('PS2', '> ')
  set('PS4', '+ ')
  set('OPTIND', '1')
  if (dialect === 'bash') {
    set('BASH_VERSION', '5.2.15(1)-release')
    set('HOSTTYPE', 'x86_64')
    set('OSTYPE', 'linux-gnu')
    set('BASH', '/bin/bash')
  }
  return {
    dialect,
    interactive: options.interactive ?? false,
    name: options.name ?? dialect,
    positional: [...(options.positional ?? [])],
    variables,
    functions: new Map(),
    aliases: new Map(),
    options: new Set(),
    traps: new Map(),
    status: 0,
    lastBackground: null,
    jobs: [],
    history: [],
    directories: [],
    umask: 0o022,
    pending: null,
    random: 12345,
  }
}

export function textVariable(value: string): Variable {
  return { value, kind: 'text', exported: false, readonly: false, integer: false }
}

/** A subshell's copy: it has no jobs of its own and is not interactive. */
export function forkState(state: ShellState): ShellState {
  return { ...copyState(state), interactive: false, jobs: [], pending: null, traps: new Map() }
}

export function copyState(state: ShellState): ShellState {
  const variables = new Map<string, Variable>()
  for (const [name, variable] of state.variables) variables.set(name, copyVariable(variable))
  return {
    ...state,
    positional: [...state.positional],
    variables,
    functions: new Map(state.functions),
    aliases: new Map(state.aliases),
    options: new Set(state.options),
    traps: new Map(state.traps),
    jobs: state.jobs.map((job) => ({ ...job })),
    history: [...state.history],
    directories: [...state.directories],
    pending: state.pending === null ? null : { ...state.pending },
  }
}

export function copyVariable(variable: Variable): Variable {
  const { value } = variable
  return {
    ...variable,
    value: typeof value === 'string' ? value : (new Map(value as Map<string, string>) as never),
  }
}
