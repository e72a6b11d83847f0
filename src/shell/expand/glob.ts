/** File names that match a pattern, in the file system of the shell's process (also /proc and /sys). glob(7) */
import { lookup, lstat, readdir } from '../../sim/kernel/fs/files.ts'
import type { Interpreter } from '../interpreter.ts'
import { type Field, fieldText } from './items.ts'
import { hasGlob, patternOf, patternRegExp, unescapePattern } from './pattern.ts'

/** The words a field stands for: itself when it is no pattern or nothing matches. */
export function globField(shell: Interpreter, field: Field): string[] {
  const plain = fieldText(field)
  if (shell.state.options.has('f') || !field.some((piece) => !piece.quoted && /[*?[(]/.test(piece.text)))
    return [plain]
  const pattern = patternOf(field)
  if (!hasGlob(pattern)) return [plain]
  const matches = matchPaths(shell, pattern)
  if (matches.length > 0) return matches
  return shell.state.options.has('nullglob') ? [] : [plain]
}

export function matchPaths(shell: Interpreter, pattern: string): string[] {
  const parts = pattern.split('/')
  let paths = [parts[0] === '' ? '/' : '']
  const todo = parts[0] === '' ? parts.slice(1) : parts
  todo.forEach((part, index) => {
    const isLast = index === todo.length - 1
    if (part === '') {
      if (isLast) paths = paths.map((path) => (path.endsWith('/') ? path : `${path}/`))
      return
    }
    paths = paths.flatMap((path) => matchIn(shell, path, part, isLast))
  })
  return paths.sort(compareNames)
}

function compareNames(x: string, y: string): number {
  return x < y ? -1 : x > y ? 1 : 0
}

function matchIn(shell: Interpreter, base: string, part: string, isLast: boolean): string[] {
  const { process, kernel } = shell
  const world = shell.system.world
  const at = base === '' || base.endsWith('/') ? base : `${base}/`
  if (!hasGlob(part)) {
    const path = at + unescapePattern(part)
    return lstat(world, kernel, process, path).ok ? [path] : []
  }
  const entries = readdir(world, kernel, process, at === '' ? '.' : at)
  if (!entries.ok) return []
  const regExp = patternRegExp(part, true)
  const names = entries.value.map(([name]) => name).filter((name) => regExp.test(name))
  const visible = part.startsWith('.') ? names : names.filter((name) => !name.startsWith('.'))
  const paths = visible.map((name) => at + name)
  return isLast ? paths : paths.filter((path) => isDirectory(shell, path))
}

function isDirectory(shell: Interpreter, path: string): boolean {
  const node = lookup(shell.system.world, shell.kernel, shell.process, path)
  return node.ok && node.value.kind === 'directory'
}
