/** `cd`, `pwd`, `pushd`, `popd`, `dirs`. */
import { lookup, mayAccess, realpath } from '../../sim/kernel/fs/files.ts'
import { fromRoot } from '../../sim/kernel/fs/resolve.ts'
import { normalizePath } from '../../sim/kernel/fs/tree.ts'
import type { Interpreter } from '../interpreter.ts'
import { errorText } from '../messages.ts'
import { getParameter, setVariable } from '../variables.ts'

export async function changeDirectory(shell: Interpreter, words: readonly string[]): Promise<number> {
  const args = words.slice(1).filter((word) => !/^-[LPe@]+$|^--$/.test(word))
  if (args.length > 1 && shell.state.dialect === 'bash') {
    await shell.complain('cd: too many arguments')
    return 1
  }
  const isPhysical = words.includes('-P')
  const target = args[0] ?? getParameter(shell, 'HOME')
  if (target === undefined) {
    await shell.complain('cd: HOME not set')
    return 1
  }
  if (target === '-') return toPrevious(shell)
  return enter(shell, target, isPhysical, words[0]!)
}

async function toPrevious(shell: Interpreter): Promise<number> {
  const old = getParameter(shell, 'OLDPWD')
  if (old === undefined) {
    await shell.complain('cd: OLDPWD not set')
    return 1
  }
  const status = await enter(shell, old, false, 'cd')
  if (status === 0) await shell.write(1, `${shell.process.cwd}\n`)
  return status
}

async function enter(shell: Interpreter, target: string, isPhysical: boolean, name: string): Promise<number> {
  const { process, kernel, system } = shell
  const path = normalizePath(target, process.cwd)
  const node = lookup(system.world, kernel, process, path)
  const code = !node.ok
    ? node.error.code
    : node.value.kind !== 'directory'
      ? 'ENOTDIR'
      : mayAccess(process, node.value, 1)
        ? null
        : 'EACCES'
  if (code !== null) {
    const bash = `${name}: ${target}: ${errorText(code)}`
    const plain =
      shell.state.dialect === 'ash'
        ? `cd: can't cd to ${target}: ${errorText(code)}`
        : `${name}: can't cd to ${target}`
    await shell.complain(shell.state.dialect === 'bash' ? bash : plain)
    return shell.state.dialect === 'dash' ? 2 : 1
  }
  const real = isPhysical ? realpath(system.world, kernel, process, path) : null
  setVariable(shell, 'OLDPWD', process.cwd)
  process.cwd = real?.ok ? fromRoot(process, real.value) : path
  return 0
}

export async function printDirectory(shell: Interpreter, words: readonly string[]): Promise<number> {
  const { process, kernel, system } = shell
  const real = words.includes('-P') ? realpath(system.world, kernel, process, process.cwd) : null
  await shell.write(1, `${real?.ok ? real.value : process.cwd}\n`)
  return 0
}

export async function pushDirectory(shell: Interpreter, words: readonly string[]): Promise<number> {
  const from = shell.process.cwd
  const target = words[1] ?? shell.state.directories[0]
  if (target === undefined) {
    await shell.complain('pushd: no other directory')
    return 1
  }
  if (words[1] === undefined) shell.state.directories.shift()
  const status = await enter(shell, target, false, 'pushd')
  if (status !== 0) return status
  shell.state.directories.unshift(from)
  return directories(shell)
}

export async function popDirectory(shell: Interpreter): Promise<number> {
  const target = shell.state.directories.shift()
  if (target === undefined) {
    await shell.complain('popd: directory stack empty')
    return 1
  }
  const status = await enter(shell, target, false, 'popd')
  return status === 0 ? directories(shell) : status
}

export async function directories(shell: Interpreter): Promise<number> {
  const home = getParameter(shell, 'HOME')
  const shown = [shell.process.cwd, ...shell.state.directories].map((path) =>
    home !== undefined && (path === home || path.startsWith(`${home}/`))
      ? `~${path.slice(home.length)}`
      : path,
  )
  await shell.write(1, `${shown.join(' ')}\n`)
  return 0
}
